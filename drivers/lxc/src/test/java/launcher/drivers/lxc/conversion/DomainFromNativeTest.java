package launcher.drivers.lxc.conversion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
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
}
