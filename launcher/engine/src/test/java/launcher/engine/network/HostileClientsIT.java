package launcher.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import launcher.engine.Folders;
import launcher.engine.bus.SystemBus;
import launcher.engine.network.Host.Machine;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real client calls itself all kinds of things; text with every sign is served as it is. */
@ExtendWith(InOwnNetwork.class)
final class HostileClientsIT {
  private static final String TEXT = "a \"quoted\", # \\ text; $(reboot) `x` '&<>";

  private static final String LAB =
      """
      <network>
        <name>() { :;}; echo vulnerable</name>
        <bridge name='lab0' stp='off'/>
        <domain name='lab.example' localOnly='yes'/>
        <dns><txt name='note.lab.example' value='%s'/></dns>
        <ip address='10.77.0.1' prefix='24'>
          <dhcp>
            <range start='10.77.0.100' end='10.77.0.199'/>
            <host mac='52:54:00:77:00:10' name='database' ip='10.77.0.10'/>
          </dhcp>
        </ip>
      </network>
      """
          .formatted(TEXT.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;"));

  private static final String NAME = "() { :;}; echo vulnerable";

  private static final List<String> NAMES =
      List.of(
          "x\n2000 52:54:00:00:00:66 10.77.0.66 fake *",
          "$(touch /tmp/owned)",
          "`reboot`",
          "() { :;}; echo vulnerable",
          "../../etc/passwd",
          "-n",
          "\u001b[2Jred",
          "two words",
          "x,y#z\"",
          "%s%n%x",
          "x".repeat(250),
          "database",
          "sane");

  @Test
  void namesOfClientsAreInert() throws IOException {
    Host.need("dnsmasq", "ip", "nft", "busybox");
    Path root = Files.createTempDirectory("networks-");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path script = Host.dhcpScript(root);
    List<String> told = new CopyOnWriteArrayList<>();
    try (Networks networks =
        Networks.open(
            NetworkFolders.of(Folders.under(root)),
            new RealSpawner(),
            new SystemBus("unix:path=" + root.resolve("no-bus")))) {
      networks.define("lab.xml", LAB);
      networks.start(NAME);
      networks.listen(event -> told.add(event.detail()));
      Machine client = Machine.on("lab0", "client", "52:54:00:77:00:66");
      for (String name : NAMES) {
        ask(client, script, name);
        List<Lease> leases = networks.leases(NAME);
        assertEquals(1, leases.size(), leases.toString());
        assertEquals("52:54:00:77:00:66", leases.getFirst().mac());
        assertTrue(leases.getFirst().hostname().matches("[A-Za-z0-9_.-]*"), leases.toString());
      }
      assertEquals("sane", networks.leases(NAME).getFirst().hostname());
      told.forEach(detail -> assertFalse(detail.chars().anyMatch(Character::isISOControl), detail));
      assertFalse(Files.exists(Path.of("/tmp/owned")));
      String found = client.inside("busybox", "nslookup", "sane.lab.example", "10.77.0.1");
      assertTrue(found.contains("10.77.0.1"), found);
      String text =
          client.inside("busybox", "nslookup", "-type=txt", "note.lab.example", "10.77.0.1");
      assertTrue(
          text.contains(TEXT.replace("\\", "\\\\").replace("\"", "\\\"")) || text.contains(TEXT),
          text);
      networks.destroy(NAME);
    }
  }

  private static void ask(Machine client, Path script, String name) {
    // option 12 by its number: its value is taken as bytes, whatever they are
    String hex = HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
    client.inside(
        "busybox",
        "udhcpc",
        "-f",
        "-q",
        "-n",
        "-t",
        "20",
        "-T",
        "1",
        "-i",
        "eth0",
        "-x",
        "0x0c:" + hex,
        "-s",
        script.toString());
  }
}
