package launcher.drivers.lxc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.drivers.plan.ContainerStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import org.junit.jupiter.api.Test;

class LxcDriverTest {
  private static List<String> lines(String more, String prefix) {
    return Samples.configuration(Samples.container(more)).stream()
        .filter(line -> line.startsWith(prefix))
        .toList();
  }

  private static String devices(String inside) {
    return "<devices>" + inside + "</devices>";
  }

  @Test
  void startsInTheForegroundWithoutInheritedDescriptors() {
    Plan plan = Samples.plan(Samples.complete(Samples.container("")), Samples.FACTS);
    assertEquals("lxc-start", plan.command().program().toString());
    assertEquals(
        List.of(
            "--foreground",
            "--close-all-fds",
            "--lxcpath=/run/launcher/guests",
            "--name=c1",
            "--rcfile=/run/launcher/guests/c1/config",
            "--logfile=/run/launcher/guests/c1/lxc.log",
            "--logpriority=DEBUG",
            "--",
            "/sbin/init"),
        plan.command().words());
  }

  @Test
  void passesArgumentsOfInitWordForWord() {
    String hostile = "() { :;}; echo vulnerable";
    Plan plan =
        Samples.plan(
            Samples.complete(
                Samples.container(
                    "<os><init>/bin/x</init><initarg>a b</initarg><initarg>-n\n\"'</initarg>"
                        + "<initarg>"
                        + hostile
                        + "</initarg></os>")),
            Samples.FACTS);
    List<String> words = plan.command().words();
    assertEquals(
        List.of("--", "/bin/x", "a b", "-n\n\"'", hostile),
        words.subList(words.indexOf("--"), words.size()));
  }

  @Test
  void limitsMemoryAndProcessorsInVersion1() {
    String tune =
        "<memory unit='MiB'>64</memory><memtune><soft_limit>1024</soft_limit>"
            + "<swap_hard_limit unit='MiB'>128</swap_hard_limit></memtune>"
            + "<vcpu cpuset='0-2,^1'>1</vcpu>"
            + "<cputune><shares>512</shares><period>100000</period><quota>50000</quota></cputune>"
            + "<blkiotune><weight>200</weight><device><path>/dev/sda</path>"
            + "<read_bytes_sec>1000</read_bytes_sec></device></blkiotune>";
    assertEquals(
        List.of(
            "lxc.cgroup.memory.limit_in_bytes = 67108864",
            "lxc.cgroup.memory.soft_limit_in_bytes = 1048576",
            "lxc.cgroup.memory.memsw.limit_in_bytes = 134217728"),
        lines(tune, "lxc.cgroup.memory"));
    assertEquals(
        List.of(
            "lxc.cgroup.cpu.shares = 512",
            "lxc.cgroup.cpu.cfs_period_us = 100000",
            "lxc.cgroup.cpu.cfs_quota_us = 50000",
            "lxc.cgroup.cpuset.cpus = 0,2"),
        lines(tune, "lxc.cgroup.cpu"));
    assertEquals(
        List.of(
            "lxc.cgroup.blkio.weight = 200",
            "lxc.cgroup.blkio.throttle.read_bps_device = 8:0 1000"),
        lines(tune, "lxc.cgroup.blkio"));
  }

  @Test
  void limitsInTheUnifiedHierarchy() {
    String text =
        Samples.container(
            "<memory unit='MiB'>64</memory>"
                + "<memtune><swap_hard_limit unit='MiB'>128</swap_hard_limit></memtune>"
                + "<cputune><shares>512</shares><quota>50000</quota></cputune>"
                + "<blkiotune><device><path>/dev/sda</path><read_bytes_sec>1000</read_bytes_sec>"
                + "<write_iops_sec>5</write_iops_sec></device></blkiotune>");
    List<String> lines =
        Samples.configuration(Samples.complete(text), Samples.facts(Samples.VERSION_2));
    assertTrue(lines.contains("lxc.cgroup2.memory.max = 67108864"), lines.toString());
    assertTrue(lines.contains("lxc.cgroup2.memory.swap.max = 67108864"), lines.toString());
    assertTrue(lines.contains("lxc.cgroup2.cpu.weight = 512"), lines.toString());
    assertTrue(lines.contains("lxc.cgroup2.cpu.max = 50000 100000"), lines.toString());
    assertTrue(lines.contains("lxc.cgroup2.io.max = 8:0 rbps=1000 wiops=5"), lines.toString());
    assertTrue(lines.contains("lxc.cgroup2.devices.deny = a"), lines.toString());
  }

  @Test
  void dropsDangerousCapabilitiesUnlessAskedFor() {
    assertEquals(
        List.of("lxc.cap.drop = audit_control mac_admin mknod sys_module sys_time"),
        lines("", "lxc.cap"));
    assertEquals(
        List.of("lxc.cap.drop = audit_control mac_admin sys_module sys_time net_raw"),
        lines(
            "<features><capabilities policy='default'><mknod state='on'/><net_raw state='off'/>"
                + "</capabilities></features>",
            "lxc.cap"));
    assertEquals(
        List.of("lxc.cap.keep = chown"),
        lines(
            "<features><capabilities policy='deny'><chown state='on'/></capabilities></features>",
            "lxc.cap"));
    assertEquals(
        List.of("lxc.cap.keep = none"),
        lines("<features><capabilities policy='deny'/></features>", "lxc.cap"));
    assertEquals(
        List.of(), lines("<features><capabilities policy='allow'/></features>", "lxc.cap"));
  }

  @Test
  void mountsWhatTheDefinitionSays() {
    String mounts =
        devices(
            "<filesystem type='mount'><source dir='/srv/root'/><target dir='/'/><readonly/>"
                + "</filesystem><filesystem type='mount'><source dir='/etc/resolv.conf'/>"
                + "<target dir='/etc/resolv.conf'/><readonly/></filesystem>"
                + "<filesystem type='mount'><source dir='/srv/a b\\c'/><target dir='/x y'/>"
                + "</filesystem><filesystem type='ram'><source usage='8' units='MiB'/>"
                + "<target dir='/run'/></filesystem>"
                + "<filesystem type='bind'><source dir='/data'/><target dir='/d'/></filesystem>");
    assertEquals(
        List.of(
            "lxc.mount.entry = /etc/resolv.conf etc/resolv.conf none bind,create=file,ro 0 0",
            "lxc.mount.entry = /srv/a\\040b\\134c x\\040y none bind,create=dir 0 0",
            "lxc.mount.entry = tmpfs run tmpfs size=8192k,nosuid,nodev,create=dir 0 0",
            "lxc.mount.entry = /srv/root/data d none bind,create=dir 0 0"),
        lines(mounts, "lxc.mount.entry"));
    assertEquals(
        List.of("lxc.rootfs.path = dir:/srv/root", "lxc.rootfs.options = ro"),
        lines(mounts, "lxc.rootfs"));
  }

  @Test
  void mountsImagesOnTheHostBeforeTheStart() {
    String text =
        Samples.container(
            devices(
                "<filesystem type='file'><driver type='loop' format='raw'/>"
                    + "<source file='/srv/c.img'/><target dir='/'/></filesystem>"));
    Plan plan = Samples.plan(Samples.complete(text), Samples.FACTS);
    List<Step> images =
        plan.prepare().stream().filter(ContainerStep.MountImage.class::isInstance).toList();
    assertEquals("mount image '/srv/c.img'", images.getFirst().words());
    assertTrue(
        Samples.configuration(text)
            .contains("lxc.rootfs.path = dir:/run/launcher/guests/c1.images/0"));
  }

  @Test
  void connectsLinks() {
    String links =
        devices(
            "<interface type='network'><source network='default'/><mac address='52:54:00:1:2:3'/>"
                + "<ip address='10.0.0.5' prefix='24'/>"
                + "<route address='0.0.0.0' gateway='10.0.0.1'/>"
                + "<route address='10.9.0.0' prefix='16' gateway='10.0.0.2'/></interface>"
                + "<interface type='direct'><source dev='eth7' mode='bridge'/>"
                + "<mac address='52:54:00:1:2:4'/><link state='down'/></interface>");
    assertEquals(
        List.of(
            "lxc.net.0.type = veth",
            "lxc.net.0.veth.pair = lx7n0",
            "lxc.net.0.link = virbr0",
            "lxc.net.0.name = eth0",
            "lxc.net.0.hwaddr = 52:54:00:1:2:3",
            "lxc.net.0.flags = up",
            "lxc.net.0.ipv4.address = 10.0.0.5/24 10.0.0.255",
            "lxc.net.0.ipv4.gateway = 10.0.0.1",
            "lxc.net.1.type = macvlan",
            "lxc.net.1.macvlan.mode = bridge",
            "lxc.net.1.link = eth7",
            "lxc.net.1.name = eth1",
            "lxc.net.1.hwaddr = 52:54:00:1:2:4"),
        lines(links, "lxc.net"));
    Plan plan = Samples.plan(Samples.complete(Samples.container(links)), Samples.FACTS);
    assertEquals(
        "route add 10.9.0.0/16 via 10.0.0.2 dev eth0 onlink", plan.afterStart().getLast().object());
  }

  @Test
  void hasTheHostsNetworkOnlyWithoutPrivnet() {
    assertEquals(List.of("lxc.net.0.type = none"), lines("", "lxc.net"));
    assertEquals(
        List.of("lxc.net.0.type = empty"), lines("<features><privnet/></features>", "lxc.net"));
  }

  @Test
  void entersANamedNetworkNamespace() {
    String text =
        "<domain type='lxc' xmlns:lxc='http://libvirt.org/schemas/domain/lxc/1.0'><name>c1</name>"
            + "<lxc:namespace><lxc:sharenet type='netns' value='red'/>"
            + "<lxc:shareipc type='pid' value='4711'/></lxc:namespace></domain>";
    Plan plan = Samples.plan(Samples.complete(text), Samples.FACTS);
    assertEquals("nsenter", plan.command().program().toString());
    assertEquals(
        List.of("--net=/run/netns/red", "--", "lxc-start"), plan.command().words().subList(0, 3));
    List<String> lines = Samples.configuration(text);
    assertTrue(lines.contains("lxc.namespace.share.ipc = 4711"));
    assertTrue(lines.contains("lxc.net.0.type = none"));
    assertFalse(lines.stream().anyMatch(line -> line.startsWith("lxc.namespace.share.net")));
  }

  @Test
  void mapsIdsInLxcsOrder() {
    assertEquals(
        List.of("lxc.idmap = u 0 100000 65536", "lxc.idmap = g 0 200000 65536"),
        lines(
            "<idmap><uid start='0' target='100000' count='65536'/>"
                + "<gid start='0' target='200000' count='65536'/></idmap>",
            "lxc.idmap"));
  }

  @Test
  void givesHostDevices() {
    String device =
        devices(
            "<hostdev mode='capabilities' type='storage'><source><block>/dev/sdf1</block></source>"
                + "</hostdev>");
    assertTrue(
        lines(device, "lxc.cgroup.devices.allow")
            .contains("lxc.cgroup.devices.allow = b 8:81 rwm"));
    assertEquals(
        List.of("lxc.mount.entry = /dev/sdf1 dev/sdf1 none bind,create=file 0 0"),
        lines(device, "lxc.mount.entry"));
  }
}
