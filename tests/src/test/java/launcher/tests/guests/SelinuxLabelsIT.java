package launcher.tests.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import launcher.tests.tree.InstalledLauncher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where SELinux enforces: guests get labels of their own, their files follow, and one cannot read
 * another's.
 */
final class SelinuxLabelsIT {
  private static final String GUEST =
      """
      <domain type='qemu'><name>%1$s</name><memory unit='MiB'>16</memory>
      <os><type arch='x86_64' machine='pc'>hvm</type></os>
      <devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/images/%1$s'/>
      <target dev='vda' bus='virtio'/></disk></devices></domain>
      """;

  private static String value(String console, String name) {
    return Answers.value(console, name).replace("\0", "").strip();
  }

  @Test
  @Timeout(2400)
  void guestsAndTheirFilesAreLabelledAndApart() throws Exception {
    Path tree = InstalledLauncher.tree();
    String console = SelinuxGuest.make(tree).run(scenario(tree));
    assertEquals("system_u:system_r:svirt_t:s0:c7,c8", value(console, "SPAWNED"));
    String process = value(console, "PROCESS");
    assertTrue(process.matches("\\S+:svirt_t:s0:c\\d+,c\\d+"), process);
    String level = process.substring(process.indexOf(":s0:"));
    assertTrue(value(console, "IMAGE").endsWith(":svirt_image_t" + level), console);
    assertTrue(value(console, "FOREIGN").contains("Permission denied"), console);
    assertEquals("mine", value(console, "OWN"));
    // QEMU itself, which Landlock does not hinder here
    assertTrue(value(console, "QEMU-OWN").contains("\"return\""), console);
    assertTrue(value(console, "QEMU-FOREIGN").contains("Permission denied"), console);
    // the kernel closes at execve what the new label may not use: a lease must not be among it
    assertTrue(value(console, "LEASE").contains("is held by guest 'one' (pid "), console);
    assertTrue(value(console, "PLUGGED").endsWith(":svirt_image_t" + level), console);
    assertTrue(value(console, "PLUGGED-LEASE").contains("is held by guest 'one' (pid "), console);
    assertEquals(value(console, "BEFORE"), value(console, "UNPLUGGED"));
    assertTrue(
        value(console, "EXPLAINED").contains("is refused by SELinux (avc:  denied"), console);
    assertEquals(value(console, "BEFORE"), value(console, "AFTER"));
  }

  private static String scenario(Path tree) {
    return """
    L=%1$s/bin/launcher
    export LAUNCHER_ROOT=/srv/launcher
    mkdir -p /srv/launcher/etc /images
    echo 'landlock = off' > /srv/launcher/etc/isolation.conf
    chcon system_u:object_r:virt_image_t:s0 /images
    for name in one two three four; do echo mine > /images/$name; truncate -s 1M /images/$name; done
    cat > /one.xml <<X
    %2$s
    X
    sed 's/<name>one/<name>two/' /one.xml > /two.xml
    sed 's/<name>one/<name>three/; s/images.one/images\\/three/' /one.xml > /three.xml
    sed "s/<name>one/<name>four/; s|/images/one'/>|/images/four'><seclabel model='selinux' relabel='no'/></source>|" /one.xml > /four.xml
    echo "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='/images/three'/><target dev='sda' bus='usb'/></disk>" > /disk.xml
    add() { echo '{"execute":"blockdev-add","arguments":{"driver":"file","read-only":true,"node-name":"x'$2'","filename":"'$1'"}}'; }
    echo "SPAWNED=$($L spawn --label system_u:system_r:svirt_t:s0:c7,c8 -- /bin/cat /proc/self/attr/current | tr -d '\\000')"
    echo "BEFORE=$(stat -c %%C /images/one)"
    for name in one two three four; do $L define /$name.xml; done
    $L start one
    PID=$(sed 's/.*"pid":\\([0-9]*\\).*/\\1/' /srv/launcher/run/runs/*.json | head -n 1)
    echo "PROCESS=$(tr -d '\\000' < /proc/$PID/attr/current)"
    echo "IMAGE=$(stat -c %%C /images/one)"
    chcon system_u:object_r:svirt_image_t:s0:c1001,c1002 /images/two
    LABEL=$(tr -d '\\000' < /proc/$PID/attr/current)
    echo "OWN=$(runcon $LABEL head -n 1 /images/one 2>&1)"
    echo "FOREIGN=$(runcon $LABEL head -n 1 /images/two 2>&1)"
    echo "QEMU-OWN=$($L qemu-monitor-command one "$(add /images/one 1)" 2>&1 | tr '\\n' ' ')"
    echo "QEMU-FOREIGN=$($L qemu-monitor-command one "$(add /images/two 2)" 2>&1 | tr '\\n' ' ')"
    echo "LEASE=$($L start two 2>&1 | tr '\\n' ' ')"
    $L attach-device one /disk.xml
    echo "PLUGGED=$(stat -c %%C /images/three)"
    echo "PLUGGED-LEASE=$($L start three 2>&1 | tr '\\n' ' ')"
    $L detach-device one /disk.xml
    echo "UNPLUGGED=$(stat -c %%C /images/three)"
    echo "EXPLAINED=$($L start four 2>&1 | tr '\\n' ' ')"
    ls -Z /srv/launcher/run/leases
    $L destroy one
    echo "AFTER=$(stat -c %%C /images/one)"
    """
        .formatted(tree, GUEST.formatted("one"));
  }
}
