package launcher.drivers.qemu.command;

import java.util.Optional;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Device;
import launcher.schemas.domain.VirtioDriver;

/** What all virtio devices have in common on the command line. */
public final class Virtio {
  private Virtio() {}

  /**
   * Begins the properties of a virtio device: the driver of its bus and model, and its options.
   *
   * @param base QEMU's name without the bus, such as {@code virtio-net}
   * @param model as the XML says it: {@code virtio}, {@code virtio-transitional} …
   */
  public static Props device(
      Guest guest,
      String base,
      String model,
      Device device,
      Optional<? extends VirtioDriver> driver) {
    Props props = Props.empty();
    name(guest, props, base, model, device);
    driver.ifPresent(options -> putOptions(props, options));
    return props;
  }

  private static void name(Guest guest, Props props, String base, String model, Device device) {
    String name = base + suffix(device);
    boolean pci = name.endsWith("-pci");
    String kind =
        model.endsWith("-non-transitional")
            ? "-non-transitional"
            : model.endsWith("-transitional") ? "-transitional" : "";
    if (!pci || kind.isEmpty()) {
      props.put("driver", name);
    } else if (guest.capabilities().has("virtio-blk-pci" + kind)) {
      // a QEMU that has the kinds has them of all devices, but for some it says "no" to by name
      props.put("driver", name + kind);
    } else {
      // before QEMU 4.0 the two kinds were said by two properties
      props.put("driver", name);
      props.put("disable-legacy", kind.equals("-transitional") ? "off" : "on");
      props.put("disable-modern", false);
    }
  }

  /** The end of a virtio driver's name, which says the bus. */
  public static String suffix(Device device) {
    return switch (device.address().orElse(null)) {
      case Address.Ccw ignored -> "-ccw";
      case Address.VirtioS390 ignored -> "-s390";
      case Address.VirtioMmio ignored -> "-device";
      case null, default -> "-pci";
    };
  }

  /** Adds the options of a virtio device. */
  public static void putOptions(Props props, VirtioDriver driver) {
    props.truth("iommu_platform", driver.iommu());
    props.truth("ats", driver.ats());
    props.truth("packed", driver.packed());
    props.truth("page-per-vq", driver.pagePerVq());
  }
}
