package launcher.drivers.qemu.devices;

import java.util.Optional;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Iommu;

/** {@code <iommu>}: devices that translate addresses for other devices. */
final class IommuDevices {
  /** All of them; QEMU wants them before the devices they translate for. */
  static final CommandSection SECTION = IommuDevices::write;

  private IommuDevices() {}

  private static void write(Guest guest, CommandLine out) {
    for (Iommu iommu : guest.devices().iommus()) {
      switch (iommu.model()) {
        case "intel" -> out.add(iommu, "-device", intel(iommu));
        case "amd" -> amd(guest, out, iommu);
        case "virtio" -> {
          Props props = Props.of("driver", "virtio-iommu").put("id", iommu.alias());
          DeviceAddresses.put(props, guest, iommu);
          out.add(iommu, "-device", props);
        }
        default -> {
          // smmuv3 is a switch of the machine
        }
      }
    }
  }

  private static Props intel(Iommu iommu) {
    Props props = Props.of("driver", "intel-iommu").put("id", iommu.alias());
    putWord(props, "intremap", iommu.intremap());
    props.truth("caching-mode", iommu.cachingMode());
    putWord(props, "eim", iommu.eim());
    props.truth("device-iotlb", iommu.iotlb());
    props.put("aw-bits", iommu.addressBits());
    props.truth("dma-translation", iommu.dmaTranslation());
    return props;
  }

  private static void amd(Guest guest, CommandLine out, Iommu iommu) {
    Props device = Props.of("driver", "AMDVI-PCI").put("id", "device-" + iommu.alias());
    DeviceAddresses.put(device, guest, iommu);
    out.add(iommu, "-device", device);
    Props props =
        Props.of("driver", "amd-iommu")
            .put("id", iommu.alias())
            .put("pci-id", "device-" + iommu.alias());
    putWord(props, "intremap", iommu.intremap());
    props.truth("pt", iommu.passthrough());
    props.truth("xtsup", iommu.xtsup());
    props.truth("device-iotlb", iommu.iotlb());
    out.add(iommu, "-device", props);
  }

  // these two are of a type with a third value, "auto", so QEMU takes no JSON truth for them
  private static void putWord(Props props, String key, Optional<Boolean> value) {
    value.ifPresent(v -> props.put(key, v ? "on" : "off"));
  }
}
