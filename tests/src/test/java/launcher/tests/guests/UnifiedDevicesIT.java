package launcher.tests.guests;

import static launcher.tests.guests.Answers.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import launcher.tests.tree.InstalledLauncher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where control groups are of version 2 alone: a QEMU that was taken over opens its own devices and
 * no others, by a program in the kernel, even where nothing else stands in its way; and it is
 * limited in memory and processor time.
 */
final class UnifiedDevicesIT {
  @TempDir private Path folder = Path.of("");

  @Test
  @Timeout(1200)
  void qemuOpensItsOwnDevicesAlone() throws Exception {
    String console = UnifiedGuest.make(folder).run(scenario(InstalledLauncher.tree()));
    String group = value(console, "GROUP");
    assertTrue(group.matches("0::/launcher/[0-9a-f-]{36}"), console);
    assertEquals("419430400 200 10000 50000", value(console, "LIMITS").strip());
    assertEquals("314572800", value(console, "CHANGED").strip());
    assertTrue(value(console, "OWN").contains("\"return\""), console);
    assertTrue(value(console, "FOREIGN").contains("Operation not permitted"), console);
    assertEquals("0", value(console, "HOST"), "the host itself is not limited: " + console);
    assertEquals("", value(console, "LEFT"));
  }

  private static String scenario(Path tree) {
    return """
    L=%s/bin/launcher
    export LAUNCHER_ROOT=/srv/l
    mkdir -p /srv/l/etc
    echo 'landlock = off' > /srv/l/etc/isolation.conf
    mknod /srv/kmsg c 1 11; mknod /srv/null c 1 3
    echo "<domain type='qemu'><name>a</name><memory unit='MiB'>16</memory>TUNE<os><type arch='x86_64' machine='pc'>hvm</type></os><devices><memballoon model='none'/></devices></domain>" > /srv/a.xml
    sed -i "s|TUNE|<memtune><hard_limit unit='MiB'>400</hard_limit></memtune><cputune><shares>200</shares><period>50000</period><quota>10000</quota></cputune>|" /srv/a.xml
    $L define /srv/a.xml
    $L start --paused a
    PID=$(sed 's/.*"pid":\\([0-9]*\\).*/\\1/' /srv/l/run/runs/*.json | head -n 1)
    ask() { echo "$1=$($L qemu-monitor-command a "$2" 2>&1 | tr '\\n' ' ')"; }
    open() { ask $1 '{"execute":"chardev-add","arguments":{"id":"'$1'","backend":{"type":"file","data":{"out":"'$2'","append":true}}}}'; }
    echo "GROUP=$(cat /proc/$PID/cgroup)"
    G=/sys/fs/cgroup$(sed 's/^0:://' /proc/$PID/cgroup)
    echo "LIMITS=$(cat $G/memory.max $G/cpu.weight $G/cpu.max | tr '\\n' ' ')"
    $L memtune a --hard-limit 300M
    echo "CHANGED=$(cat $G/memory.max | tr '\\n' ' ')"
    open OWN /srv/null
    open FOREIGN /srv/kmsg
    dd if=/srv/kmsg bs=1 count=0 2> /dev/null
    echo "HOST=$?"
    $L destroy a
    echo "LEFT=$(find /sys/fs/cgroup/launcher -mindepth 1 -type d 2>/dev/null)"
    """
        .formatted(tree);
  }
}
