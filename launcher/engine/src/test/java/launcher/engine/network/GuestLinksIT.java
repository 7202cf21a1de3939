package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.plan.LinkStep;
import launcher.engine.EngineException;
import launcher.engine.qmp.EventRelay;
import launcher.engine.run.Workspace;
import launcher.schemas.network.NetworkReader;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Taps and macvtaps as the kernel makes them. */
@ExtendWith(InOwnNetwork.class)
final class GuestLinksIT {
  private static final String MAC = "52:54:00:75:00:10";

  private final GuestLinks links = new GuestLinks(new RealSpawner());
  private final HostTools tools = new HostTools(new RealSpawner());

  private static Workspace workspace() {
    return new Workspace("guest", new EventRelay());
  }

  private static LinkStep.PlugTap tap(String bridge, int queues, boolean isolated) {
    return new LinkStep.PlugTap(
        "vnet0",
        List.of("tap net0 queue 0", "tap net0 queue 1").subList(0, queues),
        Optional.of(bridge),
        "fe:54:00:75:00:10",
        Optional.empty(),
        true,
        isolated,
        Optional.empty());
  }

  private String link(String name) {
    return Host.run("ip", "-details", "link", "show", "dev", name);
  }

  @Test
  void aTapIsAPortOfItsBridgeForAsLongAsSomebodyHoldsIt() throws IOException {
    Host.run("ip", "link", "add", "br0", "type", "bridge");
    Host.run("ip", "link", "set", "br0", "mtu", "1400", "up");
    try (Workspace workspace = workspace()) {
      links.carryOut(tap("br0", 2, true), workspace);
      assertEquals(2, workspace.descriptors().size());
      String said = link("vnet0");
      assertTrue(said.contains("master br0") && said.contains("mtu 1400"), said);
      assertTrue(said.contains("fe:54:00:75:00:10") && said.contains("isolated on"), said);
      assertTrue(said.contains("multi_queue") && said.contains("vnet_hdr"), said);
      assertEquals("", Host.run("ip", "-br", "-6", "address", "show", "dev", "vnet0").strip());
      // the bridge stays as large as it was
      assertTrue(link("br0").contains("mtu 1400"));
      IOException taken =
          assertThrows(IOException.class, () -> links.carryOut(tap("br0", 1, false), workspace()));
      assertTrue(String.valueOf(taken.getMessage()).contains("vnet0"), taken.getMessage());
    }
    assertFalse(Host.run("ip", "-br", "link").contains("vnet0"));
  }

  @Test
  void aTapThatCannotBePluggedInIsGone() {
    try (Workspace workspace = workspace()) {
      IOException refusal =
          assertThrows(
              IOException.class, () -> links.carryOut(tap("no-bridge", 1, false), workspace));
      assertTrue(String.valueOf(refusal.getMessage()).contains("no-bridge"), refusal.getMessage());
    }
    assertFalse(Host.run("ip", "-br", "link").contains("vnet0"));
  }

  @Test
  void namesAreWordsAndNothingElse() {
    for (String hostile :
        List.of("br0 type bridge", "-batch", "br0\nlink add x type dummy", "br0;reboot", "")) {
      try (Workspace workspace = workspace()) {
        assertThrows(
            IOException.class, () -> links.carryOut(tap(hostile, 1, false), workspace), hostile);
      }
      assertFalse(Host.run("ip", "-br", "link").contains("vnet0"), hostile);
    }
  }

  @Test
  void aMacvtapIsOfTheModeThatWasAskedFor() throws IOException {
    Host.run("ip", "link", "add", "eth7", "type", "veth", "peer", "name", "eth8");
    Host.run("ip", "link", "set", "eth7", "up");
    String own = link("eth7").replaceAll("(?s).*link/ether ([0-9a-f:]+) .*", "$1");
    for (String mode : List.of("bridge", "private", "vepa", "passthru")) {
      LinkStep.PlugMacvtap step =
          new LinkStep.PlugMacvtap("macvtap0", List.of("tap net0"), "eth7", mode, MAC, true);
      try (Workspace workspace = workspace()) {
        links.carryOut(step, workspace);
        assertEquals(
            Map.of("tap net0", workspace.descriptors().get("tap net0")), workspace.descriptors());
        String said = link("macvtap0");
        assertTrue(said.contains("macvtap mode " + mode) && said.contains("@eth7"), said);
        assertTrue(said.contains(MAC), said);
        LinkStep.LimitTraffic limits =
            new LinkStep.LimitTraffic(
                "macvtap0",
                Optional.of(new LinkStep.Rate(100, Optional.empty(), Optional.empty())),
                Optional.of(new LinkStep.Rate(200, Optional.empty(), Optional.empty())));
        links.carryOut(limits, workspace);
        assertTrue(Host.run("tc", "class", "show", "dev", "macvtap0").contains("800Kbit"));
        links.undo(limits);
      }
      links.undo(step);
      assertEquals(2 + 1, Host.run("ip", "-br", "link").lines().count(), mode);
      assertTrue(link("eth7").contains("link/ether " + own), "its own address again");
    }
    IOException missing =
        assertThrows(
            IOException.class,
            () ->
                links.carryOut(
                    new LinkStep.PlugMacvtap(
                        "macvtap0", List.of("tap net0"), "eth9", "bridge", MAC, true),
                    workspace()));
    assertTrue(String.valueOf(missing.getMessage()).contains("eth9"), missing.getMessage());
  }

  @Test
  void aNetworkOfInterfacesUsesTheLeastUsedOne() throws IOException {
    Host.run("ip", "link", "add", "eth7", "type", "veth", "peer", "name", "eth8");
    Host.run("ip", "link", "set", "eth7", "up");
    Host.run("ip", "link", "set", "eth8", "up");
    String text =
        """
        <network><name>outside</name>
          <forward mode='MODE'><interface dev='eth7'/><interface dev='eth8'/></forward>
        </network>
        """;
    var reader = new NetworkReader();
    var shared = reader.read("x", text.replace("MODE", "bridge"));
    var alone = reader.read("x", text.replace("MODE", "passthrough"));
    assertEquals("eth7", HostInterfaces.leastUsed(shared));
    tools.ipBatch(List.of("link add link eth7 name macvtap0 type macvtap mode bridge"));
    assertEquals("eth8", HostInterfaces.leastUsed(shared));
    assertEquals("eth8", HostInterfaces.leastUsed(alone));
    tools.ipBatch(List.of("link add link eth8 name macvtap1 type macvtap mode passthru"));
    assertEquals(
        "each interface of network 'outside' is in use already: eth7, eth8",
        assertThrows(EngineException.class, () -> HostInterfaces.leastUsed(alone)).getMessage());
  }
}
