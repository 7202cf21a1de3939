package launcher.engine.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PCI function of the host, as sysfs tells of it.
 *
 * @param sysfs of the host
 * @param address {@code 0000:01:00.0}
 */
record PciDevice(Sysfs sysfs, String address) {
  private static final String BRIDGE = "0x0604";

  /** Its folder in sysfs. */
  Path folder() {
    return sysfs.pci(address);
  }

  boolean exists() {
    return Files.isDirectory(folder());
  }

  /** The driver it is bound to. */
  Optional<String> driver() {
    return sysfs.target(folder().resolve("driver"));
  }

  /** The only driver that may be bound to it; empty when that is open. */
  String override() {
    String text = sysfs.read(folder().resolve("driver_override"));
    return text.equals("(null)") ? "" : text;
  }

  /** The number of its IOMMU group. */
  Optional<String> group() {
    return sysfs.target(folder().resolve("iommu_group"));
  }

  /** All devices of its IOMMU group, itself among them. */
  List<PciDevice> groupMembers() {
    List<PciDevice> members = new ArrayList<>();
    for (String name : sysfs.names(folder().resolve("iommu_group").resolve("devices"))) {
      members.add(new PciDevice(sysfs, name));
    }
    return members;
  }

  /** Whether it is a bridge to another bus, which no guest can have. */
  boolean bridge() {
    return sysfs.read(folder().resolve("class")).startsWith(BRIDGE);
  }

  /**
   * Refuses a bridge.
   *
   * @throws IOException when it is one
   */
  void refuseBridge() throws IOException {
    if (bridge()) {
      throw new IOException("it is a bridge, which no guest can have");
    }
  }

  /** Whether it is bound to a driver that hands it to guests. */
  boolean handedOver() {
    return handsOver(driver().orElse(""));
  }

  /** Whether a driver hands devices to guests: {@code vfio-pci} or a variant of it. */
  static boolean handsOver(String driver) {
    return driver.contains("vfio");
  }

  /** Its name in the words of {@code nodedev-list}. */
  String nodeName() {
    return "pci_" + address.replace(':', '_').replace('.', '_');
  }
}
