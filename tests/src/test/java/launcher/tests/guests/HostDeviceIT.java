package launcher.tests.guests;

import static launcher.tests.guests.Answers.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.tests.tree.InstalledLauncher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices of a host with an IOMMU, given to guests in earnest: the host is a guest itself, with
 * VT-d, an NVMe disk, network cards and a SCSI disk.
 */
final class HostDeviceIT {
  /** In the order in which they must be loaded. */
  private static final List<String> MODULES =
      List.of(
          "irqbypass",
          "vfio",
          "vfio_virqfd",
          "vfio_iommu_type1",
          "vfio_pci_core",
          "vfio_pci",
          "sg",
          "scsi_debug");

  /** The two cards behind the conventional bridge share one IOMMU group. */
  private static final List<String> HARDWARE =
      List.of(
          "-machine",
          "kernel-irqchip=split",
          "-device",
          "intel-iommu,intremap=on",
          "-device",
          "virtio-net-pci,addr=0x10,disable-legacy=on,iommu_platform=on",
          "-drive",
          "if=none,id=disk,driver=null-co,size=1M",
          "-device",
          "nvme,drive=disk,serial=one,addr=0x11",
          "-device",
          "pcie-pci-bridge,id=old,addr=0x12",
          "-device",
          "virtio-net-pci,bus=old,addr=0x1,disable-legacy=on,iommu_platform=on",
          "-device",
          "virtio-net-pci,bus=old,addr=0x2,disable-legacy=on,iommu_platform=on");

  @TempDir private Path folder = Path.of("");

  @Test
  @Timeout(900)
  void devicesAreTheGuestsAndThenTheHostsAgain() throws Exception {
    Path tree = InstalledLauncher.tree();
    for (String program : List.of("/usr/bin/qemu-pr-helper", "/usr/bin/prlimit")) {
      assumeTrue(Files.isExecutable(Path.of(program)), "needs " + program);
    }
    String console = UnifiedGuest.make(folder).with(MODULES, HARDWARE).run(scenario(tree));
    // an NVMe disk and a SCSI disk with reservations, of a guest that runs as somebody else
    assertEquals("vfio-pci", value(console, "TAKEN"), console);
    assertEquals("107 600", value(console, "NODE"));
    assertEquals("1140850688", value(console, "LOCKED"), "64 MiB and 1 GiB");
    assertTrue(value(console, "RESERVATIONS").contains("\"connected\":true"), console);
    assertEquals("0000000000020000", value(console, "RIGHTS"), "CAP_SYS_RAWIO");
    assertTrue(
        value(console, "SECOND").contains("'0000:00:11.0'")
            && value(console, "SECOND").contains("it is used by guest 'a'"),
        console);
    assertTrue(
        value(console, "GROUP").contains("cannot keep it apart from")
            && value(console, "GROUP").contains("bound to driver 'virtio-pci'"),
        console);
    assertEquals("nvme", value(console, "BACK"));
    assertEquals("", value(console, "HELPERS"));
    // plugged in, and given back by the next engine when all were killed
    assertEquals("vfio-pci", value(console, "PLUGGED"));
    assertEquals("vfio-pci", value(console, "KILLED"));
    assertEquals("virtio-pci", value(console, "FOUND"));
    // its control group lets it open what it has, and no more
    assertTrue(value(console, "SG-BEFORE").contains("Operation not permitted"), console);
    assertEquals("yes", value(console, "SG-PLUGGED"), console);
    assertTrue(value(console, "SG-GONE").contains("Operation not permitted"), console);
    assertTrue(value(console, "SG-SETTLED").contains("Operation not permitted 0"), console);
    assertTrue(value(console, "VFIO-BEFORE").contains("Operation not permitted"), console);
    assertTrue(
        value(console, "VFIO-PLUGGED").matches("Device or resource busy Operation not permitted ?"),
        console);
    // by hand
    assertEquals("vfio-pci", value(console, "ASIDE"));
    assertEquals("nvme", value(console, "AGAIN"));
    assertEquals("", value(console, "REMEMBERED"));
  }

  private static String scenario(Path tree) {
    return """
    L=%s/bin/launcher
    export LAUNCHER_ROOT=/srv/l
    driver() { basename $(readlink /sys/bus/pci/devices/$1/driver); }
    guest() {
      echo "<domain type='qemu'><name>$1</name><memory unit='MiB'>64</memory><os><type arch='x86_64' machine='q35'>hvm</type></os>$2<devices>$3<memballoon model='none'/></devices></domain>" > /srv/$1.xml
    }
    pci() { echo "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0' bus='$1' slot='$2' function='0'/></source></hostdev>"; }
    mkdir -p /srv
    B=$(ls /sys/bus/pci/devices | sed -n 's/^0000:\\(..\\):01.0$/\\1/p' | grep -v 00 | head -1)
    guest a "<seclabel model='dac' type='static' relabel='yes'><label>+107:+107</label></seclabel>" "<controller type='scsi' model='virtio-scsi'/>
    <disk type='block' device='lun'><driver name='qemu' type='raw'/><source dev='/dev/sda'><reservations managed='yes'/></source><target dev='sda' bus='scsi'/></disk>
    <disk type='nvme' device='disk'><driver name='qemu' type='raw'/><source type='pci' managed='yes' namespace='1'><address domain='0' bus='0' slot='0x11' function='0'/></source><target dev='vda' bus='virtio'/></disk>"
    guest b "" "$(pci 0 0x11)"
    guest c "" "$(pci 0x$B 1)"
    guest d "<seclabel model='landlock' type='none'/>" "<controller type='scsi' model='virtio-scsi'/>"
    echo "<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source></hostdev>" > /srv/scsi.xml
    opens() { sh -c "echo \\$\\$ > $(echo /sys/fs/cgroup/launcher/*/cgroup.procs) && exec 3< $1" 2>&1 && echo yes; }
    await() { n=0; while ! eval "$1"; do n=$((n+1)); [ $n -gt 600 ] && break; sleep 0.1; done; }
    pci 0 0x10 > /srv/card.xml
    $L define /srv/a.xml /srv/b.xml /srv/c.xml /srv/d.xml
    $L start a
    P=$(sed -n 's/.*"pid":\\([0-9]*\\).*/\\1/p' /srv/l/run/runs/*.json)
    echo "TAKEN=$(driver 0000:00:11.0)"
    echo "NODE=$(stat -c '%%u %%a' /dev/vfio/[0-9]*)"
    echo "LOCKED=$(awk '/Max locked/{print $4}' /proc/$P/limits)"
    echo "RESERVATIONS=$($L qemu-monitor-command a '{"execute":"query-pr-managers"}')"
    echo "RIGHTS=$(awk '/CapEff/{print $2}' /proc/$(cat /srv/l/run/helpers/*pr-helper0.pid)/status)"
    echo "SECOND=$($L start b 2>&1 | tr '\\n' ' ')"
    echo "GROUP=$($L start c 2>&1 | tr '\\n' ' ')"
    $L destroy a
    echo "BACK=$(driver 0000:00:11.0)"
    echo "HELPERS=$(pidof qemu-pr-helper)"
    $L start d
    P=$(sed -n 's/.*"pid":\\([0-9]*\\).*/\\1/p' /srv/l/run/runs/*.json)
    echo "SG-BEFORE=$(opens /dev/sg0)"
    $L attach-device d /srv/scsi.xml
    echo "SG-PLUGGED=$(opens /dev/sg0)"
    $L detach-device d /srv/scsi.xml
    echo "SG-GONE=$(opens /dev/sg0)"
    kill -STOP $P
    $L attach-device d /srv/scsi.xml > /dev/null 2>&1 &
    await 'grep -q /dev/sg0 /srv/l/run/runs/*.json'
    kill -9 $(pidof java)
    kill -CONT $P
    $L detach-device d /srv/scsi.xml > /dev/null 2>&1
    echo "SG-SETTLED=$(opens /dev/sg0) $($L dumpxml d | grep -c '<hostdev')"
    $L nodedev-detach pci_0000_00_11_0
    echo "ASIDE=$(driver 0000:00:11.0)"
    echo "VFIO-BEFORE=$(opens $(ls /dev/vfio/[0-9]*))"
    $L attach-device d /srv/card.xml
    echo "PLUGGED=$(driver 0000:00:10.0)"
    for N in $(ls /dev/vfio/[0-9]*); do opens $N; done | sed 's/.*: //' | sort > /srv/opened
    echo "VFIO-PLUGGED=$(tr '\\n' ' ' < /srv/opened)"
    kill -9 $(pidof java) $P
    while [ -d /proc/$P ] && ! grep -q 'State:.Z' /proc/$P/status; do sleep 0.1; done
    echo "KILLED=$(driver 0000:00:10.0)"
    $L list --all
    echo "FOUND=$(driver 0000:00:10.0)"
    $L nodedev-reattach pci_0000_00_11_0
    echo "AGAIN=$(driver 0000:00:11.0)"
    echo "REMEMBERED=$(ls /srv/l/run/devices)"
    """
        .formatted(tree);
  }
}
