package launcher.drivers.lxc.conversion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import launcher.drivers.lxc.ContainerTranslation;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlWriter;
import org.junit.jupiter.api.Test;

/** Files as people have them: old names, includes, and values that are none. */
class NativeFilesTest {
  private static final String ROOT = "lxc.uts.name = a\nlxc.rootfs.path = /srv/a\n";
  private static final String UUID = "c7a5fdbd-edaf-9455-926a-d65c16db1809";

  private static DomainFromNative.Result convert(String more, Map<String, String> files) {
    return DomainFromNative.convert(
        "a.conf",
        ROOT + more,
        UUID,
        path -> {
          String text = files.get(path);
          if (text == null) {
            throw new IOException("there is no such file");
          }
          return List.of(new NativeIncludes.Included(path, text));
        });
  }

  private static List<String> words(DomainFromNative.Result result) {
    return result.problems().stream().map(XmlProblem::toString).toList();
  }

  /** Converted, and taken by the schema and the rules as any definition. */
  private static XmlElement taken(DomainFromNative.Result result) {
    XmlElement domain = result.domain().orElseThrow(() -> new AssertionError(words(result)));
    String xml = XmlWriter.write(domain);
    ContainerTranslation.Result completed =
        ContainerTranslation.complete("a.xml", xml, UUID, "x86_64");
    return completed
        .completed()
        .orElseThrow(() -> new AssertionError(completed.problems() + "\n" + xml));
  }

  @Test
  void valuesThatAreNoneAreNamedAndNeverWritten() {
    var result =
        convert(
            """
            lxc.cgroup.cpuset.cpus = 0-x
            lxc.cgroup.cpuset.mems = none
            lxc.cgroup.cpu.shares = many
            lxc.cgroup.memory.limit_in_bytes = 5Q
            lxc.cgroup.blkio.throttle.read_bps_device = sda 10
            lxc.cgroup2.io.max = 8:0 rbps=fast
            lxc.cgroup2.cpu.max = half 100000
            """,
            Map.of());
    assertEquals(
        List.of(
                "a.conf:6:1: warning: '5Q' of 'lxc.cgroup.memory.limit_in_bytes' is no amount of"
                    + " memory, left out",
                "a.conf:7:1: warning: 'sda 10' of 'lxc.cgroup.blkio.throttle.read_bps_device' is no"
                    + " MAJOR:MINOR of a disk and a number, left out",
                "a.conf:8:1: warning: '8:0 rbps=fast' of 'lxc.cgroup2.io.max' is no number, left out",
                "a.conf:5:1: warning: 'many' of 'lxc.cgroup.cpu.shares' is no number, left out",
                "a.conf:9:1: warning: 'half 100000' of 'lxc.cgroup2.cpu.max' is no number, left out",
                "a.conf:3:1: warning: '0-x' of 'lxc.cgroup.cpuset.cpus' is no list of numbers such as"
                    + " 0-3,7, left out",
                "a.conf:4:1: warning: 'none' of 'lxc.cgroup.cpuset.mems' is no list of numbers such as"
                    + " 0-3,7, left out")
            .stream()
            .sorted()
            .toList(),
        words(result).stream().sorted().toList());
    taken(result);
  }

  @Test
  void takesLimitsOfDisksOfVersionTwo() {
    XmlElement domain =
        taken(
            convert(
                """
                lxc.cgroup2.io.max = 8:0 rbps=1000 wbps=max wiops=7
                lxc.cgroup2.io.weight = default 200
                lxc.cgroup2.io.weight = 8:0 300
                """,
                Map.of()));
    assertEquals("200", domain.value("blkiotune/weight", ""));
    XmlElement device = domain.at("blkiotune/device").orElseThrow();
    assertEquals("/dev/block/8:0", device.value("path", ""));
    assertEquals("1000", device.value("read_bytes_sec", ""));
    assertEquals("7", device.value("write_iops_sec", ""));
    assertEquals("300", device.value("weight", ""));
    assertTrue(device.value("write_bytes_sec").isEmpty());
  }

  @Test
  void readsIncludesInTheirPlaces() {
    var result =
        convert(
            "lxc.tty.max = 1\nlxc.include = common\nlxc.cap.drop = lease\nlxc.include = gone\n",
            Map.of(
                "common",
                """
                lxc.tty.max = 3
                lxc.cap.drop = mknod
                lxc.hook.start = /bin/x
                lxc.mount.entry = /sys/kernel/debug sys/kernel/debug none bind,optional
                lxc.include = more
                """,
                "more",
                "lxc.cgroup.memory.limit_in_bytes = 128M"));
    assertEquals(
        List.of(
            "a.conf:6:1: warning: 'gone' is not included: there is no such file, left out",
            "common:4:1: warning: the optional mount at '/sys/kernel/debug', left out",
            "common:3:1: warning: 'lxc.hook.start' has no counterpart in domain XML, left out"),
        words(result));
    XmlElement domain = taken(result);
    assertEquals(3, domain.childOrAdd("devices").children("console").size());
    assertEquals(2, domain.at("features/capabilities").orElseThrow().children().size());
    assertEquals("131072", domain.value("memory", ""));
  }

  @Test
  void aFileThatIncludesItselfEnds() {
    var result = convert("lxc.include = loop\n", Map.of("loop", "lxc.include = loop\n"));
    assertEquals(List.of("loop:1:1: 'loop' includes itself, or is too deep"), words(result));
  }

  @Test
  void takesLabelsAndSharedNamespaces() {
    XmlElement domain =
        taken(
            convert(
                """
                lxc.aa_profile = unconfined
                lxc.se_context = system_u:system_r:svirt_lxc_net_t:s0:c1,c2
                lxc.namespace.share.net = /run/netns/blue
                lxc.namespace.share.ipc = 4711
                lxc.namespace.share.uts = other
                """,
                Map.of()));
    assertEquals("none", domain.children("seclabel").getFirst().attribute("type", ""));
    assertEquals(
        "system_u:system_r:svirt_lxc_net_t:s0:c1,c2",
        domain.children("seclabel").getLast().value("label", ""));
    assertEquals("netns", domain.value("namespace/sharenet/@type", ""));
    assertEquals("blue", domain.value("namespace/sharenet/@value", ""));
    assertEquals("4711", domain.value("namespace/shareipc/@value", ""));
    assertEquals("name", domain.value("namespace/shareuts/@type", ""));
  }

  @Test
  void oldNamesAreReadAndWhatALinkLosesIsNamed() {
    var result =
        convert(
            """
            lxc.network.type = veth
            lxc.network.link = br0
            lxc.network.ipv4 = 10.0.0.2/24 10.0.0.255
            lxc.network.ipv4.gateway = auto
            lxc.network.script.up = /bin/x
            lxc.tty = 1
            lxc.console = none
            lxc.loglevel = 1
            lxc.kmsg = 0
            lxc.limit.nofile = 100
            lxc.start.auto = 1
            lxc.cgroup.devices.deny = a
            lxc.cgroup2.devices.allow = c 136:* rwm
            lxc.cgroup.devices.allow = c 10:229 rwm
            """,
            Map.of());
    assertEquals(
        List.of(
            "a.conf:6:1: warning: the gateway 'auto' is no address, left out",
            "a.conf:7:1: warning: 'script.up' of a link has no counterpart in domain XML, left out",
            "a.conf:9:1: warning: 'lxc.console.path' has no counterpart in domain XML, left out",
            "a.conf:12:1: warning: 'lxc.prlimit.nofile' has no counterpart in domain XML, left out",
            "a.conf:13:1: warning: 'lxc.start.auto' is not said in XML: use 'launcher autostart',"
                + " left out",
            "a.conf:16:1: warning: 'lxc.cgroup.devices.allow' is not taken over: give devices as"
                + " <hostdev>, left out"),
        words(result));
    assertEquals("10.0.0.2", taken(result).value("devices/interface/ip/@address", ""));
  }

  /** Whatever a file says, the result is refused or is a definition. */
  @Test
  void hostileFilesBecomeNothingElse() {
    for (String line :
        List.of(
            "lxc.uts.name = a/../b",
            "lxc.uts.name = \"() { :;}; echo vulnerable\"",
            "lxc.rootfs.path = /srv/a<&>'\"",
            "lxc.environment = A=<b>&\"'",
            "lxc.init.cmd = /bin/sh -c \"x\" '<init>'",
            "lxc.net.0.type = veth\nlxc.net.0.link = br0'/><evil a='",
            "lxc.cap.drop = a<b",
            "lxc.idmap = u 0 99999999999999999999 1",
            "lxc.mount.entry = \\040 \\134 none bind",
            "lxc.tty.max = 99999999999",
            "lxc.net.999999999999.type = veth",
            "lxc.mount.entry = tmpfs run tmpfs size=99999999999999999999T",
            "lxc.cgroup.memory.limit_in_bytes = 99999999999999999999999",
            "lxc.arch = <x>",
            "lxc.init.uid = -1",
            "= x",
            "\u0000\u0001 = 3")) {
      var result = convert(line + "\n", Map.of());
      if (result.domain().isPresent()) {
        String xml = XmlWriter.write(result.domain().get());
        var completed = ContainerTranslation.complete("a.xml", xml, UUID, "x86_64");
        assertTrue(
            completed.completed().isPresent() || !completed.problems().isEmpty(),
            line + "\n" + xml);
        assertTrue(!xml.contains("<evil"), xml);
      } else {
        assertTrue(!result.problems().isEmpty(), line);
      }
    }
  }
}
