package launcher.tests.guests;

import static launcher.tests.guests.Answers.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import launcher.tests.tree.InstalledLauncher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where SELinux enforces: the programs beside a guest serve it. Its TPM's emulator has the guest's
 * own label, so that it reaches what the guest reaches; a file server, which works on files of the
 * administrator's, has launcher's, at a socket that the guest may connect to.
 */
final class SelinuxHelpersIT {
  @Test
  @Timeout(2400)
  void helpersAreLabelledAndServe() throws Exception {
    Path tree = InstalledLauncher.tree();
    String console = SelinuxGuest.make(tree).run(scenario(tree));
    for (String time : new String[] {"FIRST", "SECOND"}) {
      String guest = value(console, time + "-QEMU");
      assertTrue(guest.matches("\\S+:svirt_t:s0:c\\d+,c\\d+"), console);
      String level = guest.substring(guest.indexOf(":s0:"));
      assertEquals(guest, value(console, time + "-SWTPM"), console);
      assertTrue(value(console, time + "-STATE").endsWith(":svirt_image_t" + level), console);
      assertTrue(value(console, time + "-SOCKET").endsWith(":svirt_image_t" + level), console);
      assertTrue(value(console, time + "-FOLDER").endsWith(":svirt_image_t" + level), console);
      assertTrue(value(console, time + "-FOREIGN").contains("Permission denied"), console);
      assertTrue(value(console, time + "-VIRTIOFSD").contains(":kernel_t:"), console);
    }
    assertNotEquals(value(console, "FIRST-QEMU"), value(console, "SECOND-QEMU"), console);
    assertEquals("", value(console, "LEFT"), console);
  }

  private static String scenario(Path tree) {
    return """
    L=%1$s/bin/launcher
    export LAUNCHER_ROOT=/srv/launcher
    mkdir -p /srv/launcher/etc /images /shared
    echo 'landlock = off' > /srv/launcher/etc/isolation.conf
    chcon system_u:object_r:virt_image_t:s0 /images
    echo theirs > /images/other
    chcon system_u:object_r:svirt_image_t:s0:c1001,c1002 /images/other
    cat > /helped.xml <<X
    <domain type='qemu'><name>helped</name><memory unit='MiB'>16</memory>
    <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>
    <os><type arch='x86_64' machine='q35'>hvm</type></os>
    <devices><tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
    <filesystem type='mount'><driver type='virtiofs'/><source dir='/shared'/><target dir='share'/></filesystem>
    <memballoon model='none'/><video><model type='none'/></video></devices></domain>
    X
    $L define /helped.xml
    label() { for p in /proc/[0-9]*; do case $(cat $p/comm 2>/dev/null) in $1*) tr -d '\\000' < $p/attr/current; return;; esac; done; }
    for time in FIRST SECOND; do
      $L start --paused helped
      LABEL=$(label qemu)
      echo "$time-QEMU=$LABEL"
      echo "$time-SWTPM=$(label swtpm)"
      echo "$time-VIRTIOFSD=$(label virtiofsd)"
      echo "$time-STATE=$(stat -c %%C $(find /srv/launcher -name 'tpm2-00.permall'))"
      echo "$time-SOCKET=$(stat -c %%C $(find /srv/launcher/run -name 'swtpm.sock'))"
      echo "$time-FOLDER=$(stat -c %%C /srv/launcher/run/guests/*-*)"
      echo "$time-FOREIGN=$(runcon $LABEL head -n 1 /images/other 2>&1)"
      $L destroy helped
    done
    echo "LEFT=$(find /srv/launcher/run/guests /srv/launcher/run/helpers -mindepth 1)"
    cat /srv/launcher/log/helped.log
    dmesg | grep denied | tail -n 30
    """
        .formatted(tree);
  }
}
