package launcher.drivers.lxc.conversion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import launcher.drivers.lxc.ContainerFacts;
import launcher.drivers.lxc.ContainerTranslation;
import launcher.drivers.plan.HostFacts;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlWriter;
import org.junit.jupiter.api.Test;

class DomainFromNativeTest {
  private static final String ROOT = "lxc.uts.name = a\nlxc.rootfs.path = /srv/a\n";

  private static DomainFromNative.Result convert(String more) {
    return DomainFromNative.convert("a.conf", ROOT + more, "c7a5fdbd-edaf-9455-926a-d65c16db1809");
  }

  private static XmlElement domain(String more) {
    DomainFromNative.Result result = convert(more);
    return result.domain().orElseThrow(() -> new AssertionError(result.problems().toString()));
  }

  private static List<String> problems(String more) {
    return convert(more).problems().stream().map(XmlProblem::toString).toList();
  }

  @Test
  void readsIdMapsAsContainerHostCount() {
    XmlElement domain = domain("lxc.idmap = u 0 100000 65536\nlxc.idmap = g 0 200000 65536\n");
    assertEquals("100000", domain.value("idmap/uid/@target", ""));
    assertEquals("0", domain.value("idmap/uid/@start", ""));
    assertEquals("200000", domain.value("idmap/gid/@target", ""));
  }

  @Test
  void mapsUsersAndGroupsAtOnce() {
    XmlElement map = domain("lxc.idmap = b 0 100000 10\n").child("idmap").orElseThrow();
    assertEquals(List.of("uid", "gid"), map.children().stream().map(XmlElement::name).toList());
  }

  @Test
  void takesEveryLineOfAListAndTheLastOfASingleValue() {
    XmlElement domain =
        domain(
            """
            lxc.cap.drop = mknod
            lxc.cap.drop = sys_time sys_module
            lxc.tty.max = 4
            lxc.tty.max = 1
            """);
    assertEquals(3, domain.at("features/capabilities").orElseThrow().children().size());
    assertEquals(1, domain.at("devices").orElseThrow().children("console").size());
  }

  @Test
  void anEmptyValueBeginsTheListAnew() {
    XmlElement domain = domain("lxc.cap.drop = mknod\nlxc.cap.drop =\nlxc.cap.drop = lease\n");
    assertEquals(
        List.of("lease"),
        domain.at("features/capabilities").orElseThrow().children().stream()
            .map(XmlElement::name)
            .toList());
  }

  @Test
  void readsKeysOfBeforeVersion3() {
    XmlElement domain =
        DomainFromNative.convert(
                "old.conf",
                """
                lxc.utsname = old
                lxc.rootfs = /srv/old
                lxc.tty = 1
                lxc.network.type = veth
                lxc.network.link = br0
                lxc.network.flags = up
                lxc.network.ipv4 = 10.0.0.2/24
                lxc.network.type = veth
                lxc.network.link = br1
                """,
                "c7a5fdbd-edaf-9455-926a-d65c16db1809")
            .domain()
            .orElseThrow();
    List<XmlElement> links = domain.at("devices").orElseThrow().children("interface");
    assertEquals(2, links.size());
    assertEquals("br0", links.getFirst().value("source/@bridge", ""));
    assertEquals("10.0.0.2", links.getFirst().value("ip/@address", ""));
    assertEquals("br1", links.getLast().value("source/@bridge", ""));
    assertEquals("old", domain.value("name", ""));
  }

  @Test
  void readsCommandAndEnvironment() {
    XmlElement domain =
        domain("lxc.init.cmd = /sbin/init 'a b' c\nlxc.environment = X=1=2\nlxc.init.uid = 7\n");
    assertEquals("/sbin/init", domain.value("os/init", ""));
    assertEquals(
        List.of("a b", "c"),
        domain.at("os").orElseThrow().children("initarg").stream().map(XmlElement::text).toList());
    assertEquals("1=2", domain.value("os/initenv", ""));
    assertEquals("7", domain.value("os/inituser", ""));
  }

  @Test
  void readsLimitsOfTheUnifiedHierarchy() {
    XmlElement domain = domain("lxc.cgroup2.memory.max = 64M\nlxc.cgroup2.cpu.max = 5000 10000\n");
    assertEquals("65536", domain.value("memtune/hard_limit", ""));
    assertEquals("5000", domain.value("cputune/quota", ""));
    assertEquals("10000", domain.value("cputune/period", ""));
  }

  @Test
  void readsLimitsOfDisks() {
    XmlElement domain =
        domain(
            """
            lxc.cgroup.blkio.weight = 500
            lxc.cgroup.blkio.device_weight = 8:16 200
            lxc.cgroup.blkio.throttle.read_bps_device = 8:16 1000
            """);
    assertEquals("/dev/block/8:16", domain.value("blkiotune/device/path", ""));
    assertEquals("200", domain.value("blkiotune/device/weight", ""));
    assertEquals("1000", domain.value("blkiotune/device/read_bytes_sec", ""));
  }

  @Test
  void refusesWhatItCannotSayAndNamesTheLine() {
    assertEquals(
        List.of("a.conf:3:1: write the mounts of '/etc/fstab.a' as lxc.mount.entry"),
        problems("lxc.mount.fstab = /etc/fstab.a\n"));
    assertEquals(
        List.of("a.conf:3:1: the tmpfs at '/run' needs a size in bytes, not '50%'"),
        problems("lxc.mount.entry = tmpfs run tmpfs size=50% 0 0\n"));
    assertEquals(
        List.of("a.conf:3:1: 'u 0 1' is not 'u|g|b CONTAINER HOST COUNT'"),
        problems("lxc.idmap = u 0 1\n"));
  }

  @Test
  void warnsOfWhatItLeavesOut() {
    assertEquals(
        List.of("a.conf:3:1: warning: 'lxc.hook.start' has no counterpart in domain XML, left out"),
        problems("lxc.hook.start = /bin/x\n"));
    assertTrue(convert("lxc.hook.start = /bin/x\n").domain().isPresent());
  }

  @Test
  void saysThatTheNameIsMissing() {
    DomainFromNative.Result result =
        DomainFromNative.convert("x.conf", "lxc.rootfs.path = /x\n", "u");
    assertEquals(
        List.of("x.conf: 'lxc.uts.name' is missing"),
        result.problems().stream().map(XmlProblem::toString).toList());
  }

  @Test
  void namesEverythingThatIsLost() {
    DomainFromNative.Result result =
        DomainFromNative.convert(
            "c.conf",
            """
            lxc.uts.name = c1
            lxc.rootfs.path = dir:/srv/c1
            lxc.include = /usr/share/lxc/config/common.conf
            lxc.mount.auto = proc:mixed sys:ro cgroup:mixed
            lxc.mount.entry = /a b none bind,optional 0 0
            lxc.cgroup.devices.allow = c 10:200 rwm
            lxc.hook.start = /bin/true
            """,
            "c7a5fdbd-edaf-9455-926a-d65c16db1809");
    assertEquals(
        List.of(
            "'/usr/share/lxc/config/common.conf' is not included: no file is followed here, left out",
            "'sys:ro' of 'lxc.mount.auto' cannot be said in XML, left out",
            "the mount option 'optional' cannot be said in XML, left out",
            "'lxc.cgroup.devices.allow' is not taken over: give devices as <hostdev>, left out",
            "'lxc.hook.start' has no counterpart in domain XML, left out"),
        result.problems().stream().map(problem -> problem.message()).toList());
  }

  /** From a domain to LXC's configuration and back, everything that both can say is the same. */
  @Test
  void comesBackAsItWent() {
    String text =
        """
        lxc.uts.name = c1
        lxc.rootfs.path = dir:/srv/c1
        lxc.idmap = u 0 100000 65536
        lxc.idmap = g 0 200000 65536
        lxc.environment = A=b
        lxc.cap.drop = net_raw sys_time
        lxc.net.0.type = veth
        lxc.net.0.link = br0
        lxc.net.0.name = eth0
        lxc.net.0.hwaddr = 52:54:00:01:02:03
        lxc.net.0.flags = up
        lxc.net.0.ipv4.address = 10.0.0.2/24
        lxc.mount.entry = /srv/data data none bind,ro 0 0
        lxc.cgroup2.memory.max = 67108864
        lxc.cgroup2.cpu.weight = 200
        lxc.init.cmd = /bin/init a "b c"
        """;
    String uuid = "c7a5fdbd-edaf-9455-926a-d65c16db1809";
    var first = DomainFromNative.convert("c.conf", text, uuid).domain().orElseThrow();
    String xml = XmlWriter.write(first);
    var completed = ContainerTranslation.complete("c.xml", xml, uuid, "x86_64");
    assertEquals(List.of(), completed.problems());
    Path run = Path.of("/run/launcher/guests/c1");
    var host = new HostFacts("x86_64", "h", 0, 0, 1, 1 << 20, false);
    var groups = new ContainerFacts.HostGroups(Set.of(), Set.of("memory", "cpu"));
    var facts = ContainerFacts.of(groups);
    var domain = completed.completed().orElseThrow();
    String native1 = NativeFromDomain.configuration(domain, facts, host, run);
    var words = NativeFromDomain.command(domain, facts, host, run);
    assertEquals(
        List.of("/bin/init", "a", "b c"), words.subList(words.indexOf("--") + 1, words.size()));
    for (String line : text.lines().toList()) {
      boolean elsewhere =
          line.startsWith("lxc.init.cmd")
              || line.startsWith("lxc.cap.drop")
              || line.startsWith("lxc.mount.entry")
              || line.contains("ipv4.address");
      if (!elsewhere) {
        assertTrue(native1.lines().anyMatch(line::equals), line + " is lost:\n" + native1);
      }
    }
    assertTrue(native1.contains("lxc.cap.drop = net_raw sys_time\n"), native1);
    assertTrue(
        native1.contains("lxc.mount.entry = /srv/data data none bind,create=dir,ro"), native1);
    assertTrue(native1.contains("ipv4.address = 10.0.0.2/24"), native1);
  }
}
