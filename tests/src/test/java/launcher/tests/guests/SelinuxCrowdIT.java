package launcher.tests.guests;

import static launcher.tests.guests.Answers.lines;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import launcher.tests.tree.InstalledLauncher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where SELinux enforces: guests of two daemons and containers that start at the same time have
 * labels of their own, containers are kept apart by them, and a guest is saved, restored and dumped
 * into files that it is handed.
 */
final class SelinuxCrowdIT {
  @Test
  @Timeout(2400)
  void everybodyHasALabelOfItsOwn() throws Exception {
    Path tree = InstalledLauncher.tree();
    String console = SelinuxGuest.make(tree).run(scenario(tree));
    List<String> labels = lines(console, "LABEL ");
    List<String> boxes =
        labels.stream().filter(label -> label.contains(":container_t:")).distinct().toList();
    List<String> guests =
        labels.stream().filter(label -> label.contains(":svirt_t:")).distinct().toList();
    assertEquals(2, boxes.size(), console);
    assertEquals(2, guests.size(), console);
    for (String label : labels.stream().filter(one -> one.contains(":s0:")).toList()) {
      assertTrue(label.matches(".*:s0:c\\d+,c\\d+ \\d+"), label);
    }
    assertEquals(
        4,
        labels.stream()
            .filter(one -> one.contains(":s0:"))
            .map(one -> one.replaceAll(".*:s0:| .*", ""))
            .distinct()
            .count(),
        console);
    assertTrue(
        labels.stream().anyMatch(one -> one.endsWith(":s0 1000")),
        "a plain user's guest is as the user is: " + console);
    assertEquals(List.of("mine"), lines(console, "OWN="), console);
    assertTrue(lines(console, "FOREIGN=").getFirst().contains("Permission denied"), console);
    assertEquals(List.of("paused"), lines(console, "RESTORED="), console);
    assertEquals(List.of("ELF"), lines(console, "CORE="), console);
    assertEquals(lines(console, "BEFORE="), lines(console, "AFTER="), console);
  }

  private static String scenario(Path tree) {
    return """
    L=%1$s/bin/launcher
    mkdir -p /images /srv/one/etc /srv/two/etc /c/bin /c/sbin /c/proc /c/sys /c/dev /c/tmp /c/etc /c/run
    chcon system_u:object_r:virt_image_t:s0 /images
    mount -t cgroup2 none /sys/fs/cgroup
    echo 'landlock = off' > /srv/one/etc/isolation.conf
    cp /bin/busybox /c/bin/busybox; ln -s busybox /c/bin/sh; ln -s busybox /c/bin/cat; ln -s busybox /c/bin/sleep
    echo mine > /c/own; echo theirs > /c/foreign
    cat > /c/sbin/init <<'X'
    #!/bin/sh
    cat /own > /tmp/own 2>&1
    cat /foreign > /tmp/foreign 2>&1
    while :; do sleep 1; done
    X
    chmod 755 /c/sbin/init
    chcon -R system_u:object_r:container_file_t:s0 /c
    chcon system_u:object_r:container_file_t:s0:c1000,c1001 /c/foreign
    guest() { truncate -s 64K /images/$1; echo "<domain type='qemu'><name>$1</name><memory unit='MiB'>8</memory><os><type arch='x86_64' machine='pc'>hvm</type></os><devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/images/$1'/><target dev='vda' bus='virtio'/></disk><memballoon model='none'/></devices></domain>" > /$1.xml; }
    box() { echo "<domain type='lxc'><name>$1</name><memory unit='MiB'>64</memory><features><privnet/></features><devices><filesystem type='mount'><source dir='/c'/><target dir='/'/></filesystem><console type='pty'/></devices></domain>" > /$1.xml; }
    one() { LAUNCHER_ROOT=/srv/one $L "$@"; }
    two() { setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/srv/two LAUNCHER_ROOT=/srv/two $L "$@"; }
    guest a; guest b; guest c; box d; box e
    chown -R 1000:1000 /srv/two /images/c
    for name in a b d e; do one define /$name.xml; done
    two define /c.xml
    one start --paused a b & A=$!
    two start --paused c & B=$!
    one start d e
    wait $A; wait $B
    for p in /proc/[0-9]*; do
      case $(cat $p/comm 2>/dev/null) in
        qemu*|init) [ $p = /proc/1 ] || echo "LABEL $(tr -d '\\000' < $p/attr/current) $(stat -c %%u $p)";;
      esac
    done
    echo "OWN=$(cat /c/tmp/own)"
    echo "FOREIGN=$(cat /c/tmp/foreign)"
    one dump a /srv/core
    echo "CORE=$(head -c 4 /srv/core | tail -c 3)"
    one managedsave a
    one start --paused a
    touch /srv/plain
    echo "BEFORE=$(stat -c %%C /srv/plain)"
    one save a /srv/a.save
    echo "AFTER=$(stat -c %%C /srv/a.save)"
    one restore --paused /srv/a.save
    echo "RESTORED=$(one domstate a | head -n 1)"
    dmesg | grep denied | tail -n 20
    """
        .formatted(tree);
  }
}
