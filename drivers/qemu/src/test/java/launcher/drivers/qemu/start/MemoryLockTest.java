package launcher.drivers.qemu.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.Test;

/** How much memory QEMU may lock: libvirt's rule, in the words of its formatdomain. */
final class MemoryLockTest {
  private static final long GIB = 1L << 30;
  private static final String PCI = "<hostdev type='pci'/>";
  private static final String NVME = "<disk type='nvme'/>";
  private static final String VDPA = "<interface type='vdpa'/>";

  private static OptionalLong bytes(String top, String devices) {
    return MemoryLock.bytes(
        XmlReader.read(
            "web.xml",
            "<domain><memory unit='KiB'>2097152</memory>"
                + top
                + "<devices>"
                + devices
                + "</devices></domain>"));
  }

  @Test
  void guestThatLocksNothingHasNoLimitOfItsOwn() {
    assertEquals(OptionalLong.empty(), bytes("", "<hostdev type='usb'/>"));
    assertEquals(
        OptionalLong.empty(), bytes("<memtune><hard_limit>4194304</hard_limit></memtune>", ""));
  }

  @Test
  void devicesShareTheMemoryUnlessAnIommuKeepsThemApart() {
    assertEquals(OptionalLong.of(3 * GIB), bytes("", PCI));
    assertEquals(OptionalLong.of(3 * GIB), bytes("", PCI + "<interface type='hostdev'/>"));
    assertEquals(OptionalLong.of(5 * GIB), bytes("", PCI + PCI + "<iommu model='intel'/>"));
    assertEquals(OptionalLong.of(7 * GIB), bytes("", PCI + NVME + VDPA));
  }

  @Test
  void hardLimitAndLockedMemoryCountFirst() {
    String hard = "<memtune><hard_limit unit='KiB'>4194304</hard_limit></memtune>";
    String locked = "<memoryBacking><locked/></memoryBacking>";
    assertEquals(OptionalLong.of(4 * GIB), bytes(hard + locked, PCI));
    assertEquals(OptionalLong.of(-1), bytes(locked, PCI));
  }
}
