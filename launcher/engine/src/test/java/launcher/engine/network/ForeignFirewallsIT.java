package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Says whose packet rules stand in the way, having read real ones. */
@ExtendWith(InOwnNetwork.class)
final class ForeignFirewallsIT {
  private static List<String> found(String rules) throws IOException {
    Host.need("nft");
    Path file = Files.createTempFile("rules-", ".nft");
    Files.writeString(file, rules);
    Host.run("nft", "-f", file.toString());
    Files.delete(file);
    return ForeignFirewalls.inTheWayOf("out0", new HostTools(new RealSpawner()).nftRules());
  }

  @Test
  void namesDockersChainAndTheWayOut() throws IOException {
    assertEquals(
        List.of(
            "chain 'FORWARD' of table 'ip filter' (Docker's) drops what network packets nobody else"
                + " accepts: nft insert rule ip filter DOCKER-USER iifname out0 accept; nft insert"
                + " rule ip filter DOCKER-USER oifname out0 accept"),
        found(
            """
            table ip filter {
              chain DOCKER-USER { return; }
              chain FORWARD { type filter hook forward priority filter; policy drop; jump DOCKER-USER; }
            }
            """));
  }

  @Test
  void isContentWhenTheBridgeIsLetThrough() throws IOException {
    assertEquals(
        List.of(),
        found(
            """
            table ip filter {
              chain DOCKER-USER { iifname "out0" accept; oifname "out0" accept; }
              chain FORWARD { type filter hook forward priority filter; policy drop; jump DOCKER-USER; }
            }
            """));
  }

  @Test
  void namesAnyOtherChainThatDrops() throws IOException {
    assertEquals(
        List.of(
            "chain 'guard' of table 'inet site' drops what network packets nobody else accepts: nft"
                + " insert rule inet site guard iifname out0 accept; nft insert rule inet site guard"
                + " oifname out0 accept"),
        found(
            """
            table inet site {
              chain guard { type filter hook forward priority 0; policy drop; }
              chain open { type filter hook forward priority 5; policy accept; }
            }
            """));
  }
}
