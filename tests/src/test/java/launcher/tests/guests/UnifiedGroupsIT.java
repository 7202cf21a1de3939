package launcher.tests.guests;

import static launcher.tests.guests.Answers.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import launcher.tests.tree.InstalledLauncher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers where every controller is in control groups of version 2: their limits bind. */
final class UnifiedGroupsIT {
  @TempDir private Path folder = Path.of("");

  @Test
  @Timeout(1200)
  void limitsBind() throws Exception {
    Path tree = InstalledLauncher.tree();
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/lxc-start")),
        "needs lxc-start (apt-get install lxc uidmap)");
    String console = UnifiedGuest.make(folder).run(scenario(tree));
    Set<String> controllers = Set.of(value(console, "CONTROLLERS").split(" "));
    assertTrue(controllers.containsAll(Set.of("cpu", "cpuset", "io", "memory", "pids")), console);
    // as libvirt has it: shares are weights, swap is counted without memory
    assertEquals("50331648", value(console, "memory.max"));
    assertEquals("41943040", value(console, "memory.high"));
    assertEquals("16777216", value(console, "memory.swap.max"));
    assertEquals("300", value(console, "cpu.weight"));
    assertEquals("10000 50000", value(console, "cpu.max"));
    assertEquals("1", value(console, "cpuset.cpus"));
    assertEquals("137", value(console, "HUNGRY"), "killed at its limit");
    assertTrue(Integer.parseInt(value(console, "THROTTLED")) > 0, console);
    assertEquals("null", value(console, "ALLOWED"));
    assertTrue(value(console, "DENIED").contains("Operation not permitted"), console);
    assertEquals("31457280", value(console, "CHANGED"));
    assertEquals("100", value(console, "WEIGHED"));
    assertEquals("frozen 1", value(console, "FROZEN"));
    assertEquals("100000", value(console, "MAPPED"));
    assertEquals("crashed (crashed)", value(console, "KILLED"));
    assertEquals("shut off (destroyed)", value(console, "DESTROYED"));
    assertEquals("", value(console, "LEFT"));
  }

  private static String scenario(Path tree) {
    return """
    L=%s/bin/launcher
    export LAUNCHER_ROOT=/srv/l
    for root in /srv/r /srv/m; do
      mkdir -p $root/bin $root/sbin $root/proc $root/sys $root/dev $root/etc $root/tmp $root/run
      cp /bin/busybox $root/bin
      for tool in sh dd cat mknod timeout; do ln -s busybox $root/bin/$tool; done
      ln -s ../bin/busybox $root/sbin/init
      echo '::sysinit:/bin/busybox true' > $root/etc/inittab
    done
    chown -R 100000:100000 /srv/m
    echo root:100000:65536 > /etc/subuid
    echo root:100000:65536 > /etc/subgid
    cat > /srv/a.xml <<X
    <domain type='lxc'><name>a</name><memory unit='MiB'>48</memory><vcpu cpuset='1'>1</vcpu>
    <memtune><soft_limit unit='MiB'>40</soft_limit><swap_hard_limit unit='MiB'>64</swap_hard_limit></memtune>
    <cputune><shares>300</shares><period>50000</period><quota>10000</quota></cputune>
    <features><privnet/><capabilities policy='default'><mknod state='on'/></capabilities></features>
    <devices><filesystem type='mount'><source dir='/srv/r'/><target dir='/'/></filesystem><console type='pty'/></devices></domain>
    X
    cat > /srv/b.xml <<X
    <domain type='lxc'><name>b</name><memory unit='MiB'>48</memory><features><privnet/></features>
    <idmap><uid start='0' target='100000' count='65536'/><gid start='0' target='100000' count='65536'/></idmap>
    <devices><filesystem type='mount'><source dir='/srv/m'/><target dir='/'/></filesystem><console type='pty'/></devices></domain>
    X
    $L define /srv/a.xml /srv/b.xml
    $L start a b
    G=/sys/fs/cgroup/machine/launcher-lxc-a/payload
    echo "CONTROLLERS=$(cat /sys/fs/cgroup/cgroup.controllers)"
    for file in memory.max memory.high memory.swap.max cpu.weight cpu.max cpuset.cpus; do echo "$file=$(cat $G/$file)"; done
    for pid in $(cat $G/cgroup.procs); do A=$pid; done
    enter() { sh -c 'echo $$ > '$G'/cgroup.procs; exec nsenter --target '$A' --mount --pid --net --ipc --uts --root -- "$@"' sh "$@"; }
    echo "ALLOWED=$(enter /bin/sh -c 'echo > /dev/null && echo null' 2>&1)"
    echo "DENIED=$(enter /bin/sh -c 'mknod /tmp/k c 1 11 && dd if=/tmp/k bs=1 count=1' 2>&1 | tr '\\n' ' ')"
    enter /bin/timeout 1 /bin/sh -c 'while :; do :; done'
    echo "THROTTLED=$(sed -n 's/nr_throttled //p' $G/cpu.stat)"
    $L memtune a --hard-limit 30M
    $L schedinfo a --set cpu_shares=100 vcpu_quota=-1
    echo "CHANGED=$(cat $G/memory.max)"
    echo "WEIGHED=$(cat $G/cpu.weight)"
    echo 0 > $G/memory.swap.max
    enter /bin/dd if=/dev/zero of=/dev/null bs=100M count=1
    echo "HUNGRY=$?"
    $L suspend a
    echo "FROZEN=$(grep frozen $G/cgroup.events)"
    echo "MAPPED=$(stat -c %%u /proc/$(cat /sys/fs/cgroup/machine/launcher-lxc-b/payload/cgroup.procs))"
    kill -9 $(cat /sys/fs/cgroup/machine/launcher-lxc-b/monitor/cgroup.procs)
    $L await b > /dev/null
    echo "KILLED=$($L domstate --reason b)"
    $L destroy a
    echo "DESTROYED=$($L domstate --reason a)"
    echo "LEFT=$(find /sys/fs/cgroup/machine -mindepth 1 -type d)"
    """
        .formatted(tree);
  }
}
