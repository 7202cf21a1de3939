package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import launcher.spawn.RealSpawner;
import launcher.spawn.libc.Calls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an attacker tries who has taken a guest's QEMU over, on real guests. */
@SuppressWarnings("NullAway.Init") // made before each test
final class TakenOverQemuIT {
  private static final Path SHADOW = Path.of("/etc/shadow");

  @TempDir private Path folder;
  private IsolatedGuests guests;

  @BeforeEach
  void open() throws IOException {
    guests = IsolatedGuests.asLibvirtQemu(folder);
  }

  @AfterEach
  void end() {
    if (guests != null) {
      guests.close();
    }
  }

  private static String said(Guest guest, String command) {
    try {
      return guest.monitor().command(command);
    } catch (EngineException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private static String blockdev(Path file) {
    return "{\"execute\":\"blockdev-add\",\"arguments\":{\"driver\":\"file\",\"node-name\":\"x\",\"read-only\":true,\"filename\":\""
        + file
        + "\"}}";
  }

  /** One that runs, to compare with. */
  private Guest withoutLandlock() throws IOException {
    Guest open =
        guests.define(
            "open",
            IsolatedGuests.disk("raw", guests.copy("open.img")),
            "<seclabel type='none' model='landlock'/>");
    open.start(StartOptions.DEFAULT);
    return open;
  }

  /** As root, so that no owner stands in the way. */
  @Test
  void qemuItselfReachesNoForeignFile() throws IOException {
    assumeTrue(Calls.landlockVersion() > 0, "needs a kernel with Landlock");
    guests.reopen("", new RealSpawner());
    Path other = guests.copy("other.img");
    Guest own = guests.define("own", guests.copy("own.img"));
    own.start(StartOptions.DEFAULT);
    for (Path file : List.of(SHADOW, other, guests.root().resolve("etc/isolation.conf"))) {
      String said = said(own, blockdev(file));
      assertTrue(said.contains("Permission denied"), said);
    }
    Guest open = withoutLandlock();
    String said = said(open, blockdev(other));
    assertTrue(said.contains("\"return\""), "it is Landlock that denies: " + said);
    own.destroy(false);
    guests.reopen("landlock = off\n", new RealSpawner());
    Guest again = guests.engine().guests().get("own");
    again.start(StartOptions.DEFAULT);
    assertTrue(said(again, blockdev(other)).contains("\"return\""), "off for the host");
  }

  /** An abstract socket has no owner and no mode: everybody could speak to it. */
  @Test
  void qemuReachesNoAbstractSocketOfOthers() throws IOException {
    assumeTrue(Calls.landlockVersion() >= 6, "needs Landlock's scopes (Linux 6.12)");
    guests.reopen("", new RealSpawner());
    String name = "launcher-attack-" + UUID.randomUUID();
    String reach =
        "{\"execute\":\"chardev-add\",\"arguments\":{\"id\":\"x\",\"backend\":{\"type\":\"socket\",\"data\":{\"server\":false,\"addr\":{\"type\":\"unix\",\"data\":{\"path\":\""
            + name
            + "\",\"abstract\":true,\"tight\":true}}}}}}";
    try (UnixServerSocketChannel listening = UnixServerSocketChannel.open()) {
      listening.socket().bind(new UnixSocketAddress("\0" + name));
      Guest own = guests.define("own", guests.copy("own.img"));
      own.start(StartOptions.DEFAULT);
      String said = said(own, reach);
      assertTrue(said.contains("Operation not permitted"), said);
      Guest open = withoutLandlock();
      said = said(open, reach);
      assertTrue(said.contains("\"return\""), "it is Landlock that denies: " + said);
    }
  }

  /** A guest that has nothing to do with TCP cannot reach services of the host by it. */
  @Test
  void qemuConnectsToNobodyAndListensNowhere() throws IOException {
    assumeTrue(Calls.landlockVersion() >= 4, "needs Landlock's network rules (Linux 6.7)");
    String listen =
        "{\"execute\":\"chardev-add\",\"arguments\":{\"id\":\"l\",\"backend\":{\"type\":\"socket\",\"data\":{\"server\":true,\"wait\":false,\"addr\":{\"type\":\"inet\",\"data\":{\"host\":\"127.0.0.1\",\"port\":\"0\"}}}}}}";
    String card =
        "<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>";
    guests.reopen("landlock_network = on\n", new RealSpawner());
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String connect =
          listen
              .replace("\"id\":\"l\"", "\"id\":\"c\"")
              .replace("\"server\":true,\"wait\":false", "\"server\":false")
              .replace("\"port\":\"0\"", "\"port\":\"" + server.getLocalPort() + "\"");
      // ACPI: without it QEMU 10 plugs nothing into a machine of this type
      Guest own =
          guests.define(
              "own",
              IsolatedGuests.disk("raw", guests.copy("own.img")),
              "<features><acpi/></features>");
      own.start(StartOptions.DEFAULT);
      for (String attack : List.of(listen, connect)) {
        String said = said(own, attack);
        assertTrue(said.contains("Permission denied"), said);
      }
      String refused =
          String.valueOf(
              assertThrows(EngineException.class, () -> own.devices().attach(card)).getMessage());
      assertTrue(refused.contains("was started without use for TCP"), refused);
      assertFalse(own.xml(XmlView.LIVE).contains("<interface"), "nothing of it is left");
      // one that has a use for it
      Guest routed =
          guests.define("routed", IsolatedGuests.disk("raw", guests.copy("b.img")) + card, "");
      routed.start(StartOptions.DEFAULT);
      assertTrue(said(routed, connect).contains("\"return\""), said(routed, listen));
      // and where the host does not ask for it
      own.destroy(false);
      guests.reopen("", new RealSpawner());
      Guest again = guests.engine().guests().get("own");
      again.start(StartOptions.DEFAULT);
      assertTrue(said(again, listen).contains("\"return\""), "not usual");
      again.devices().attach(card);
    }
  }

  @Test
  void qemuOpensNoDeviceThatIsNotItsOwn() throws IOException {
    Path group = Path.of("/sys/fs/cgroup/devices");
    assumeTrue(Files.isWritable(group), "needs control groups of version 1 with devices");
    guests.reopen("landlock = off\n", new RealSpawner());
    Path node = guests.root().resolve("kmsg");
    IsolatedGuests.run("mknod", node.toString(), "c", "1", "11");
    Guest guest = guests.define("own", guests.copy("own.img"));
    guest.start(StartOptions.DEFAULT);
    Path own = group.resolve("launcher").resolve(guest.uuid());
    assertEquals(
        Integer.toString(guest.pid().orElseThrow()),
        Files.readString(own.resolve("cgroup.procs")).strip());
    String list = Files.readString(own.resolve("devices.list"));
    assertTrue(list.contains("c 1:3 rw") && !list.contains("a *:*"), list);
    String chardev =
        "{\"execute\":\"chardev-add\",\"arguments\":{\"id\":\"x\",\"backend\":{\"type\":\"file\",\"data\":{\"out\":\"%s\",\"append\":true}}}}";
    String said = said(guest, chardev.formatted(node));
    assertTrue(said.contains("Operation not permitted"), said);
    said = said(guest, chardev.formatted("/dev/null"));
    assertTrue(said.contains("\"return\""), said);
    guest.destroy(false);
    assertFalse(Files.exists(own));
  }

  /** Its run folder is its own to write in. */
  @Test
  void aMonitorThatBecameALinkIsNotFollowed() throws IOException {
    Guest own = guests.define("own", guests.copy("own.img"));
    Guest other = guests.define("other", guests.copy("other.img"));
    own.start(StartOptions.DEFAULT);
    other.start(StartOptions.DEFAULT);
    int pid = other.pid().orElseThrow();
    guests.engine().close();
    Path folder = guests.root().resolve("run/guests");
    Path monitor = folder.resolve(own.uuid()).resolve("monitor");
    Files.delete(monitor);
    Files.createSymbolicLink(monitor, folder.resolve(other.uuid()).resolve("monitor"));
    guests.reopen("user = libvirt-qemu\n", new RealSpawner());
    Guest again = guests.engine().guests().get("own");
    String said = said(again, "{\"execute\": \"system_powerdown\"}");
    assertTrue(said.contains("has become a symbolic link, which is not followed"), said);
    again.destroy(false);
    assertEquals(pid, guests.engine().guests().get("other").pid().orElseThrow());
    assertTrue(guests.engine().guests().get("other").state().active());
  }
}
