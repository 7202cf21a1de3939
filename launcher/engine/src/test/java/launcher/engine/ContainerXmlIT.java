package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import launcher.engine.network.InOwnNetwork;
import launcher.spawn.SpawnException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the XML of a container says, seen inside the container and on its host. */
@ExtendWith(InOwnNetwork.class)
@SuppressWarnings("NullAway.Init") // opened before each test
final class ContainerXmlIT {

  private static final int SYS_MODULE = 16;
  private static final int NET_RAW = 13;
  private static final int SYS_TIME = 25;
  private static final int MKNOD = 27;

  private Containers containers;

  @BeforeEach
  void open() throws IOException {
    containers = Containers.onOwnHost();
  }

  @AfterEach
  void close() {
    containers.close();
  }

  private static boolean may(Guest guest, int capability) throws IOException {
    long set = Long.parseUnsignedLong(Containers.status(guest, "CapBnd"), 16);
    return (set & (1L << capability)) != 0;
  }

  private static String capabilities(String policy, String named) {
    return "<features><privnet/><capabilities policy='"
        + policy
        + "'>"
        + named
        + "</capabilities></features>";
  }

  private Guest guest(String name, String features, String os, String devices) {
    String xml = BusyboxRoot.xml(Containers.unique(name), containers.root, os, devices);
    return Containers.start(
        containers.define(xml.replace("<features><privnet/></features>", features)));
  }

  @Test
  void capabilitiesFollowThePolicy() throws IOException {
    Guest usual =
        guest(
            "usual", capabilities("default", "<mknod state='on'/><net_raw state='off'/>"), "", "");
    assertFalse(may(usual, SYS_MODULE));
    assertFalse(may(usual, NET_RAW));
    assertTrue(may(usual, MKNOD));
    Containers.inside(usual, "mknod", "/tmp/any", "b", "7", "99");
    Guest denied =
        guest("denied", capabilities("deny", "<kill state='on'/><setuid state='on'/>"), "", "");
    // CAP_KILL is bit 5, CAP_SETUID bit 7
    assertEquals(
        (1L << 5) | (1L << 7), Long.parseUnsignedLong(Containers.status(denied, "CapBnd"), 16));
    Guest allowed = guest("allowed", capabilities("allow", "<sys_time state='off'/>"), "", "");
    assertTrue(may(allowed, SYS_MODULE));
    assertFalse(may(allowed, SYS_TIME));
  }

  @Test
  void theFirstProcessIsWhoAndWhereTheDefinitionSays() throws IOException {
    Files.writeString(containers.root.resolve("etc/group"), "people:x:4321:\n");
    Guest guest =
        containers.started(
            "who",
            "<os><init>/bin/sleep</init><initarg>1000</initarg>"
                + "<initenv name='WORDS'>a \"b\" c=d  </initenv><initdir>/mnt</initdir>"
                + "<inituser>tester</inituser><initgroup>people</initgroup></os>",
            "");
    assertTrue(Containers.status(guest, "Uid").startsWith("1234\t"));
    assertTrue(Containers.status(guest, "Gid").startsWith("4321\t"));
    Path process = Path.of("/proc/" + Containers.init(guest));
    assertEquals(Path.of("/mnt"), Files.readSymbolicLink(process.resolve("cwd")));
    List<String> environment = List.of(Files.readString(process.resolve("environ")).split("\0"));
    assertTrue(environment.contains("WORDS=a \"b\" c=d  "), environment.toString());
    assertTrue(environment.contains("container_uuid=" + guest.uuid()), environment.toString());
    assertTrue(environment.contains("LIBVIRT_LXC_NAME=" + guest.name()), environment.toString());
    assertEquals(guest.name(), Containers.inside(guest, "hostname"));
  }

  @Test
  void mapsIdsAsTheDefinitionSays() throws IOException {
    BusyboxRoot.own(containers.root, 100_000);
    Guest guest =
        containers.started(
            "mapped",
            "<idmap><uid start='0' target='100000' count='1000'/>"
                + "<gid start='0' target='100000' count='1000'/></idmap>",
            "");
    Path map = Path.of("/proc/" + Containers.init(guest) + "/uid_map");
    assertEquals("0 100000 1000", Files.readString(map).strip().replaceAll("\\s+", " "));
    assertTrue(Containers.status(guest, "Uid").startsWith("100000\t"));
    Containers.run(
        "nsenter", "--target=" + Containers.init(guest), "--all", "/bin/touch", "/tmp/mine");
    Path file = containers.root.resolve("tmp/mine");
    assertEquals(100_000, Files.getAttribute(file, "unix:uid"));
    guest.shutdown(ShutdownOptions.within(Containers.LONG));
    containers.assertNothingLeft(guest);
  }

  @Test
  void mountsEveryKindOfFileSystem() throws IOException {
    Path image = containers.image("file", "from an image");
    String loop =
        Containers.run(
            "losetup", "--find", "--show", containers.image("block", "a device").toString());
    Path single = Files.writeString(containers.folder.resolve("single file"), "one file");
    Files.createDirectories(containers.root.resolve("data"));
    Files.writeString(containers.root.resolve("data/inner"), "inner");
    try {
      Guest guest =
          containers.started(
              "mounts",
              "",
              filesystem(
                      "file",
                      "<driver type='loop' format='raw'/><source file='" + image + "'/>",
                      "/a")
                  + filesystem("block", "<source dev='" + loop + "'/>", "/b", "<readonly/>")
                  + filesystem("mount", "<source dir='" + single + "'/>", "/etc/one", "<readonly/>")
                  + filesystem("bind", "<source dir='/data'/>", "/mnt/data")
                  + filesystem("ram", "<source usage='1' units='MiB'/>", "/run"));
      assertEquals("from an image", Containers.inside(guest, "cat", "/a/content"));
      Containers.inside(guest, "touch", "/a/written");
      assertEquals("a device", Containers.inside(guest, "cat", "/b/content"));
      assertThrows(SpawnException.class, () -> Containers.inside(guest, "touch", "/b/x"));
      assertEquals("one file", Containers.inside(guest, "cat", "/etc/one"));
      assertThrows(SpawnException.class, () -> Containers.inside(guest, "touch", "/etc/one"));
      assertEquals("inner", Containers.inside(guest, "cat", "/mnt/data/inner"));
      assertThrows(
          SpawnException.class,
          () ->
              Containers.inside(guest, "dd", "if=/dev/zero", "of=/run/full", "bs=64k", "count=32"));
      guest.destroy(false);
      containers.assertNothingLeft(guest);
      assertFalse(
          Containers.run("losetup", "--associated", image.toString()).contains("loop"),
          "the image's loop device is left");
    } finally {
      Containers.run("losetup", "--detach", loop);
    }
  }

  private static String filesystem(String type, String source, String target, String... more) {
    return "<filesystem type='"
        + type
        + "'>"
        + source
        + "<target dir='"
        + target
        + "'/>"
        + String.join("", more)
        + "</filesystem>";
  }

  @Test
  void theRootMayBeAnImageAndReadOnly() throws IOException {
    Path image = containers.folder.resolve("root.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(16 << 20);
    }
    String root = containers.root.toString();
    Containers.run("mke2fs", "-q", "-F", "-t", "ext4", "-d", root, image.toString());
    String xml = BusyboxRoot.xml(Containers.unique("image"), containers.root, "", "");
    String folder = "<filesystem type='mount'><source dir='" + root + "'/><target dir='/'/>";
    assertTrue(xml.contains(folder));
    Guest guest =
        Containers.start(
            containers.define(
                xml.replace(
                    folder,
                    "<filesystem type='file'><source file='"
                        + image
                        + "'/><target dir='/'/><readonly/>")));
    assertThrows(SpawnException.class, () -> Containers.inside(guest, "touch", "/x"));
    assertTrue(Containers.inside(guest, "cat", "/proc/mounts").contains(" / ext4 ro"));
    guest.destroy(false);
    containers.assertNothingLeft(guest);
  }

  @Test
  void linksAreWhatTheDefinitionSays() throws IOException {
    Containers.run("ip", "link", "add", "br7", "type", "bridge");
    Containers.run("ip", "link", "set", "br7", "up");
    Containers.run("ip", "link", "add", "host0", "type", "veth", "peer", "name", "host1");
    Containers.run("ip", "link", "set", "host0", "up");
    Containers.run("ip", "link", "add", "give0", "type", "veth", "peer", "name", "give1");
    Guest guest =
        containers.started(
            "links",
            "",
            "<interface type='bridge'><source bridge='br7'/><mac address='52:54:00:00:07:01'/>"
                + "<target dev='inbr7'/><guest dev='lan'/><mtu size='1400'/>"
                + "<ip address='10.7.0.2' prefix='24'/><ip address='fd00:7::2' prefix='64'/>"
                + "<route address='0.0.0.0' gateway='10.7.0.1'/>"
                + "<route family='ipv6' address='fd00:8::' prefix='64' gateway='fd00:7::1'/>"
                + "</interface>"
                + "<interface type='direct'><source dev='host0' mode='bridge'/>"
                + "<mac address='52:54:00:00:07:02'/></interface>"
                + "<interface type='ethernet'>"
                + "<source><ip address='10.9.0.1' peer='10.9.0.2' prefix='32'/></source>"
                + "<target dev='out9'/><guest dev='p2p'/>"
                + "<ip address='10.9.0.2' peer='10.9.0.1' prefix='32'/>"
                + "<link state='down'/></interface>"
                + "<hostdev mode='capabilities' type='net'><source><interface>give0</interface>"
                + "</source></hostdev>");
    String links = Containers.inside(guest, "ip", "addr");
    assertTrue(links.contains("lan@"), links);
    assertTrue(links.contains("52:54:00:00:07:01"), links);
    assertTrue(links.contains("mtu 1400"), links);
    assertTrue(links.contains("10.7.0.2/24 brd 10.7.0.255"), links);
    assertTrue(links.contains("fd00:7::2/64"), links);
    assertTrue(links.contains("52:54:00:00:07:02"), links);
    assertTrue(links.contains("10.9.0.2 peer 10.9.0.1/32"), links);
    assertTrue(links.contains("give0"), links);
    assertTrue(Containers.inside(guest, "ip", "route").contains("default via 10.7.0.1 dev lan"));
    assertTrue(Containers.inside(guest, "ip", "-6", "route").contains("fd00:8::/64 via fd00:7::1"));
    assertTrue(Containers.run("ip", "-d", "link", "show", "inbr7").contains("master br7"));
    assertTrue(Containers.run("ip", "addr", "show", "out9").contains("10.9.0.1 peer 10.9.0.2"));
    assertFalse(Files.exists(Path.of("/sys/class/net/give0")));
    guest.shutdown(ShutdownOptions.within(Containers.LONG));
    containers.assertNothingLeft(guest);
    assertFalse(Files.exists(Path.of("/sys/class/net/inbr7")));
    assertFalse(Files.exists(Path.of("/sys/class/net/out9")));
    assertTrue(Files.exists(Path.of("/sys/class/net/give0")), "the host's link is lost");
  }

  @Test
  void devicesOfTheHostAreThoseGiven() throws IOException {
    String loop =
        Containers.run("losetup", "--find", "--show", containers.image("disk", "x").toString());
    try {
      Guest guest =
          containers.started(
              "devices",
              "",
              "<hostdev mode='capabilities' type='storage'><source><block>"
                  + loop
                  + "</block></source></hostdev><hostdev mode='capabilities' type='misc'><source>"
                  + "<char>/dev/net/tun</char></source></hostdev>");
      Containers.inside(guest, "dd", "if=" + loop, "of=/dev/null", "bs=512", "count=1");
      assertTrue(Containers.limit(guest, "devices", "devices.list").contains("c 10:200 rwm"));
      Containers.inside(guest, "head", "-c", "1", "/dev/urandom");
      assertEquals("c8", Containers.inside(guest, "stat", "-c", "%T", "/dev/net/tun"));
      // attached as LXC does it, with the container's own capabilities: no other device can be made
      String lxc = containers.folder.resolve("l/run/guests").toString();
      assertThrows(
          AssertionError.class,
          () ->
              Containers.run(
                  "lxc-attach",
                  "-P" + lxc,
                  "-n" + guest.uuid(),
                  "--",
                  "/bin/mknod",
                  "/tmp/mem",
                  "c",
                  "1",
                  "1"));
    } finally {
      Containers.run("losetup", "--detach", loop);
    }
  }

  @Test
  void sharesNamespacesByNameByProcessAndByNamedNetwork() throws IOException {
    Guest other = containers.started("other", "", "");
    Containers.inside(other, "ip", "link", "set", "lo", "up");
    Guest byName =
        shares(
            "byname",
            share("sharenet", "name", other.name()) + share("shareuts", "name", other.name()));
    assertEquals(namespace(other, "net"), namespace(byName, "net"));
    assertEquals(namespace(other, "uts"), namespace(byName, "uts"));
    assertFalse(namespace(other, "ipc").equals(namespace(byName, "ipc")));
    Guest byProcess =
        shares("bypid", share("shareipc", "pid", Integer.toString(Containers.init(other))));
    assertEquals(namespace(other, "ipc"), namespace(byProcess, "ipc"));
    Containers.run("ip", "netns", "add", "red");
    Guest named = shares("bynetns", share("sharenet", "netns", "red"));
    String red = Containers.run("ip", "netns", "exec", "red", "readlink", "/proc/self/ns/net");
    assertEquals(red, namespace(named, "net"));
    EngineException refused =
        assertThrows(
            EngineException.class, () -> shares("nobody", share("shareipc", "name", "nobody")));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("the container 'nobody' does not run"),
        refused.getMessage());
  }

  private static String namespace(Guest guest, String kind) throws IOException {
    Path link = Path.of("/proc/" + Containers.init(guest) + "/ns/" + kind);
    return Files.readSymbolicLink(link).toString();
  }

  private static String share(String element, String type, String value) {
    return "<lxc:" + element + " type='" + type + "' value='" + value + "'/>";
  }

  private Guest shares(String name, String shared) {
    String xml = BusyboxRoot.xml(Containers.unique(name), containers.root, "", "");
    return Containers.start(
        containers.define(
            xml.replace("<features><privnet/></features>", "")
                .replace(
                    "<domain type='lxc'>",
                    "<domain type='lxc' xmlns:lxc='http://libvirt.org/schemas/domain/lxc/1.0'>")
                .replace("</domain>", "<lxc:namespace>" + shared + "</lxc:namespace></domain>")));
  }

  @Test
  void plugsIntoANetworkOfOurs() throws IOException {
    containers
        .engine
        .networks()
        .define(
            "lab.xml",
            "<network><name>lab</name><bridge name='lab0'/><domain name='lab.example' localOnly='yes'/><ip address='10.66.0.1' prefix='24'>"
                + "<dhcp><range start='10.66.0.50' end='10.66.0.60'/>"
                + "<host mac='52:54:00:66:00:01' name='inside' ip='10.66.0.7'/></dhcp></ip>"
                + "</network>");
    containers.engine.networks().start("lab");
    Path script = containers.root.resolve("bin/lease");
    Files.writeString(
        script, "#!/bin/sh\n[ \"$1\" = bound ] && ip addr add $ip/24 dev $interface\nexit 0\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Guest guest =
        containers.started(
            "net",
            "",
            "<interface type='network'><source network='lab'/>"
                + "<mac address='52:54:00:66:00:01'/></interface>");
    Containers.inside(guest, "udhcpc", "-n", "-q", "-i", "eth0", "-s", "/bin/lease");
    assertTrue(Containers.inside(guest, "ip", "addr").contains("10.66.0.7/24"));
    Containers.inside(guest, "ping", "-c", "1", "-W", "10", "10.66.0.1");
    assertTrue(
        Containers.inside(guest, "nslookup", "inside.lab.example", "10.66.0.1")
            .contains("10.66.0.7"));
    guest.shutdown(ShutdownOptions.within(Containers.LONG));
    containers.assertNothingLeft(guest);
    containers.engine.networks().destroy("lab");
  }

  @Test
  void aValueNeverBecomesALineOfTheConfiguration() {
    // XML in which a value would be a second line of LXC's configuration
    String hostile = "/x&#10;lxc.hook.pre-start = /bin/touch /tmp/broken";
    EngineException refused =
        assertThrows(
            EngineException.class,
            () ->
                containers.define(
                    "hostile",
                    "",
                    "<filesystem><source dir='" + hostile + "'/><target dir='/x'/></filesystem>"));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("invalid value"), refused.getMessage());
  }
}
