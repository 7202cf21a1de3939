package launcher.drivers.qemu.devices;

import java.util.List;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What IOMMUs and shared memory devices cannot be. */
final class BusDeviceRefusals {
  private static final long SMALLEST_SHARED = 1 << 20;

  private BusDeviceRefusals() {}

  /** Looks at all of them. */
  static void check(Draft draft) {
    List<XmlElement> iommus = draft.devices("iommu");
    iommus.forEach(iommu -> iommu(draft, iommu));
    iommus.stream().skip(1).forEach(iommu -> draft.refuse(iommu, "there can be only one IOMMU"));
    draft.devices("shmem").forEach(shmem -> shmem(draft, shmem));
    draft.devices("smartcard").forEach(card -> smartcard(draft, card));
    draft.devices("smartcard").stream()
        .skip(1)
        .forEach(card -> draft.refuse(card, "QEMU has no more than one smartcard"));
  }

  private static void iommu(Draft draft, XmlElement iommu) {
    Machine machine = draft.machine();
    String model = iommu.attribute("model", "");
    switch (model) {
      case "intel", "amd" -> {
        if (!machine.q35()) {
          draft.refuse(iommu, "IOMMU '%s' is only supported on Q35 machines".formatted(model));
        }
      }
      case "smmuv3" -> {
        if (!machine.armVirt()) {
          draft.refuse(iommu, "IOMMU 'smmuv3' is only supported on ARM virt machines");
        }
      }
      default -> {
        if (draft.domain().at("features/acpi").isEmpty()) {
          draft.refuse(iommu, "IOMMU device: 'virtio' requires ACPI");
        }
        if (!machine.q35() && !machine.armVirt()) {
          draft.refuse(
              iommu, "IOMMU 'virtio' is only supported on Q35 machines and ARM virt machines");
        }
      }
    }
    boolean options = iommu.child("driver").filter(d -> !d.attributes().isEmpty()).isPresent();
    if (options && (model.equals("virtio") || model.equals("smmuv3"))) {
      draft.refuse(iommu, "IOMMU '%s' has no further options".formatted(model));
    }
    boolean remaps = iommu.value("driver/@intremap", "").equals("on");
    if (remaps && !draft.domain().value("features/ioapic/@driver", "").equals("qemu")) {
      draft.refuse(
          iommu, "IOMMU interrupt remapping requires split I/O APIC (ioapic driver='qemu')");
    }
    if (iommu.value("driver/@eim", "").equals("on") && !remaps) {
      draft.refuse(iommu, "IOMMU eim requires interrupt remapping to be enabled");
    }
    if (iommu.hasChild("address")) {
      iommuAddress(draft, iommu, model);
    }
  }

  private static void iommuAddress(Draft draft, XmlElement iommu, String model) {
    if (model.equals("intel") || model.equals("smmuv3")) {
      draft.refuse(iommu, "IOMMU '%s' cannot have an address".formatted(model));
    } else if (Numbers.parse(iommu.value("address/@bus", "0")).orElse(0) != 0) {
      draft.refuse(
          iommu,
          "IOMMU '%s' must be an integrated device, on PCI bus 0, not on bus %s"
              .formatted(model, iommu.value("address/@bus", "")));
    }
  }

  private static void smartcard(Draft draft, XmlElement card) {
    boolean first =
        card.value("address/@controller", "0").equals("0")
            && card.value("address/@slot", "0").equals("0");
    if (!first) {
      draft.refuse(card, "QEMU has no more than one smartcard reader, with one slot");
    }
    if (!card.is("mode", "host-certificates")) {
      return;
    }
    int count = card.children("certificate").size();
    if (count != 3) {
      draft.refuse(card, "host-certificates mode needs exactly three certificates, not " + count);
    }
    card.child("database")
        .filter(d -> !d.text().startsWith("/"))
        .ifPresent(d -> draft.refuse(d, "expecting absolute path: %s".formatted(d.text())));
  }

  private static void shmem(Draft draft, XmlElement shmem) {
    String model = shmem.value("model/@type", "");
    boolean server = shmem.hasChild("server");
    shmem
        .child("size")
        .ifPresent(size -> {
          long bytes =
              Numbers.bytes(size.text(), size.attribute("unit").orElse(null), "b").orElse(0);
          if (bytes < SMALLEST_SHARED || Long.bitCount(bytes) != 1) {
            draft.refuse(size, "the size of shared memory must be a power of 2 and at least 1 MiB");
          }
        });
    shmem
        .value("address/@type")
        .filter(type -> !type.equals("pci"))
        .ifPresent(type ->
            draft.refuse(
                shmem, "shared memory needs an address of type 'pci', not '%s'".formatted(type)));
    if (model.equals("ivshmem-doorbell") && shmem.hasChild("size")) {
      draft.refuse(shmem, "shmem model 'ivshmem-doorbell' does not support size setting");
    }
    if (shmem.hasChild("msi") && !server) {
      draft.refuse(shmem, "<msi> of shared memory needs a <server>");
    }
    if (model.equals("ivshmem-plain") && server) {
      draft.refuse(shmem, "shared memory of model 'ivshmem-plain' has no server");
    }
    if (model.equals("ivshmem-doorbell") && !server) {
      draft.refuse(shmem, "shared memory of model 'ivshmem-doorbell' needs a <server>");
    }
    if (model.equals("ivshmem") && !draft.capabilities().has("ivshmem")) {
      draft.refuse(
          shmem,
          "this QEMU has no shared memory of model 'ivshmem': use 'ivshmem-plain' or"
              + " 'ivshmem-doorbell'");
    }
  }
}
