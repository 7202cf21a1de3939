package launcher.engine.device;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import launcher.drivers.plan.HostDeviceStep;

/** Whether a guest can have a PCI device, before anything is done to it. */
final class PciChecks {
  static final String KIND = "PCI device";
  private static final String STUB = "pci-stub";

  private final Sysfs sysfs;
  private final DeviceClaims claims;

  PciChecks(Sysfs sysfs, DeviceClaims claims) {
    this.sysfs = sysfs;
    this.claims = claims;
  }

  void check(HostDeviceStep.CheckGroup step) throws IOException {
    PciDevice device = new PciDevice(sysfs, step.device());
    if (!device.exists()) {
      throw new IOException("the host has no such device");
    }
    device.refuseBridge();
    if (step.managed() && !device.handedOver()) {
      new HostUse(sysfs).refuse(device);
    }
    if (device.group().isEmpty()) {
      throw new IOException(
          "the host keeps no device apart from its memory (no IOMMU group): switch VT-d or AMD-Vi on in its firmware, and boot Linux with intel_iommu=on");
    }
    for (PciDevice other : device.groupMembers()) {
      if (!step.own().contains(other.address()) && !other.bridge()) {
        neighbour(device, other, step.user());
      }
    }
  }

  private void neighbour(PciDevice device, PciDevice other, String user) throws IOException {
    Optional<String> holder = claims.holder(KIND, other.address(), user);
    if (holder.isPresent()) {
      throw new IOException(
          "the host cannot keep it apart from '%s' (IOMMU group %s), which guest '%s' uses"
              .formatted(other.address(), device.group().orElse(""), holder.get()));
    }
    String driver = other.driver().orElse("");
    if (!driver.isEmpty() && !driver.equals(STUB) && !PciDevice.handsOver(driver)) {
      throw new IOException(
          "the host cannot keep it apart from '%s' (IOMMU group %s), which is bound to driver '%s': give the guest that one too, or take it from its driver first (launcher nodedev-detach %s)"
              .formatted(other.address(), device.group().orElse(""), driver, other.nodeName()));
    }
  }

  void requireVfio(String address) throws IOException {
    PciDevice device = new PciDevice(sysfs, address);
    String driver = device.driver().orElse("");
    if (!PciDevice.handsOver(driver)) {
      throw new IOException(
          "it is bound to %s and not to vfio-pci: give it managed='yes', or run 'launcher nodedev-detach %s' first"
              .formatted(
                  driver.isEmpty() ? "no driver" : "driver '" + driver + "'", device.nodeName()));
    }
  }

  void requireMediated(String uuid) throws IOException {
    if (!uuid.matches("[0-9a-fA-F-]+")
        || !Files.exists(sysfs.path("bus", "mdev", "devices", uuid))) {
      throw new IOException(
          "the host has no such mediated device: make it (mdevctl start --uuid %s …)"
              .formatted(uuid));
    }
  }
}
