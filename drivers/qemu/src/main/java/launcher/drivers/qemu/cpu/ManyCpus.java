package launcher.drivers.qemu.cpu;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/**
 * An APIC's id has eight bits: more CPUs than that need interrupts that an IOMMU remaps, and that
 * needs QEMU's own I/O APIC. What of these is not said is added.
 */
public final class ManyCpus {
  /** How many CPUs do without. */
  static final long MOST_WITHOUT_REMAPPING = 255;

  private ManyCpus() {}

  /** Completes a guest of many CPUs. */
  public static void complete(Draft draft) {
    long most = Numbers.parse(draft.domain().value("vcpu", "1")).orElse(1);
    if (draft.machine().q35() && most > MOST_WITHOUT_REMAPPING) {
      remap(draft);
    }
    splitApic(draft);
  }

  private static void remap(Draft draft) {
    if (draft.devices("iommu").isEmpty()) {
      draft.devices().add("iommu").set("model", "intel");
    }
    for (XmlElement iommu : draft.devices("iommu")) {
      if (iommu.is("model", "intel")) {
        iommu.childOrAdd("driver").setDefault("intremap", "on").setDefault("eim", "on");
      }
    }
  }

  // KVM's own I/O APIC knows nothing of remapped interrupts.
  private static void splitApic(Draft draft) {
    boolean remaps =
        draft.devices("iommu").stream()
            .anyMatch(i -> i.is("model", "intel") && i.value("driver/@intremap", "").equals("on"));
    XmlElement features = draft.domain().child("features").orElse(XmlElement.of("features"));
    if (remaps && !features.hasChild("ioapic")) {
      draft.domain().childOrAdd("features").add("ioapic").set("driver", "qemu");
    }
  }
}
