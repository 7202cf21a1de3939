package launcher.drivers.qemu.start;

import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.qemu.hostdev.HostDevicePlan;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;
import launcher.spawn.ResourceLimit;

/**
 * How much memory QEMU may lock (RLIMIT_MEMLOCK): devices of the host that reach the guest's memory
 * by themselves keep all of it in its place, and QEMU has no capability to go beyond its limit.
 */
public final class MemoryLock {
  /** For the devices' own registers and rings, as libvirt allows. */
  private static final long DEVICES_KIB = 1L << 20;

  private MemoryLock() {}

  /**
   * The limit of a guest; empty for one that locks nothing.
   *
   * @param live the prepared definition
   * @return bytes, or {@link ResourceLimit#UNLIMITED}
   */
  public static OptionalLong bytes(XmlElement live) {
    boolean locked = live.at("memoryBacking/locked").isPresent();
    long mappings = mappings(live);
    if (!locked && mappings == 0) {
      return OptionalLong.empty();
    }
    OptionalLong most = Numbers.parse(live.value("memtune/hard_limit", ""));
    if (most.isPresent()) {
      return OptionalLong.of(most.getAsLong() * 1024);
    }
    if (locked) {
      // what QEMU needs beside the guest's memory nobody can tell
      return OptionalLong.of(ResourceLimit.UNLIMITED);
    }
    long memoryKib = Numbers.parse(live.value("memory", "")).orElse(0);
    return OptionalLong.of((mappings * memoryKib + DEVICES_KIB) * 1024);
  }

  /**
   * How many times the guest's memory is locked: once for all devices of VFIO, unless an IOMMU of
   * the guest keeps them apart; once more for each disk that QEMU drives itself, and for each vDPA
   * device.
   */
  private static long mappings(XmlElement live) {
    List<XmlElement> devices = HostDevicePlan.devices(live);
    long vfio = devices.stream().filter(MemoryLock::isVfio).count();
    boolean apart = devices.stream().anyMatch(device -> device.name().equals("iommu"));
    long others = devices.stream().filter(MemoryLock::mapsAlone).count();
    return others + (apart ? vfio : Math.min(vfio, 1));
  }

  private static boolean isVfio(XmlElement device) {
    return switch (device.name()) {
      case "hostdev" -> device.is("type", "pci") || device.is("type", "mdev");
      case "interface" -> device.is("type", "hostdev");
      default -> false;
    };
  }

  private static boolean mapsAlone(XmlElement device) {
    return switch (device.name()) {
      case "disk" -> device.is("type", "nvme") || device.is("type", "vhostvdpa");
      case "interface" -> device.is("type", "vdpa");
      default -> false;
    };
  }
}
