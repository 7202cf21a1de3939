package launcher.drivers.qemu.machine;

import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.memory.MemoryCompletion;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Switches of the machine whose shape or value is left out. */
public final class FeatureCompletion {
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private FeatureCompletion() {}

  /** Completes {@code <features>}. */
  public static void complete(Draft draft) {
    draft.domain().child("features").ifPresent(f -> written(draft, f));
    if (draft.machine().armVirt()) {
      gic(draft);
    }
  }

  private static void written(Draft draft, XmlElement features) {
    features.child("hyperv").ifPresent(FeatureCompletion::enlightenments);
    features.child("vmcoreinfo").ifPresent(v -> v.setDefault("state", "on"));
    features.at("smm/tseg").ifPresent(FeatureCompletion::shortest);
    features.child("async-teardown").ifPresent(a -> a.setDefault("enabled", "yes"));
    for (String name : List.of("smm", "hap", "pmu", "pvspinlock", "vmport")) {
      features.child(name).ifPresent(f -> f.setDefault("state", "on"));
    }
    features.at("tcg/tb-cache").ifPresent(c -> MemoryCompletion.inKib(c, "KiB"));
    features.at("hpt/maxpagesize").ifPresent(p -> MemoryCompletion.inKib(p, "KiB"));
    features
        .child("ioapic")
        .ifPresent(i -> i.setDefault("driver", draft.type().equals("kvm") ? "kvm" : "qemu"));
    features.at("kvm/dirty-ring").filter(r -> !r.is("state", "on")).ifPresent(r -> r.unset("size"));
    features.children("spinlocks").forEach(s -> s.setDefault("state", "on"));
    // s390 machines have no ACPI; old definitions ask for it all the same
    if (draft.machine().s390()) {
      features.child("acpi").ifPresent(XmlElement::detach);
    }
    // what a container may do; a QEMU guest's kernel gives its own
    features
        .child("capabilities")
        .filter(c -> c.children().isEmpty())
        .ifPresent(XmlElement::detach);
    if (features.children().isEmpty()) {
      features.detach();
    }
  }

  // What is off within one that is on need not be said, nor anything where the host decides.
  private static void enlightenments(XmlElement hyperv) {
    hyperv.setDefault("mode", "custom");
    if (hyperv.is("mode", "passthrough")) {
      List.copyOf(hyperv.children()).forEach(XmlElement::detach);
    }
    for (XmlElement one : hyperv.children()) {
      List.copyOf(one.children()).stream()
          .filter(part -> part.is("state", "off"))
          .forEach(XmlElement::detach);
    }
    hyperv.child("vendor_id").filter(v -> v.is("state", "off")).ifPresent(v -> v.unset("value"));
  }

  // In the largest unit that leaves a whole number.
  private static void shortest(XmlElement size) {
    OptionalLong bytes = Numbers.bytes(size.text(), size.attribute("unit", "MiB"), "MiB");
    if (bytes.isEmpty()) {
      return;
    }
    long amount = bytes.getAsLong();
    int unit = 0;
    while (amount != 0 && amount % 1024 == 0 && unit < UNITS.size() - 1) {
      amount /= 1024;
      unit++;
    }
    size.set("unit", UNITS.get(unit)).text(Long.toString(amount));
  }

  /** KVM guests get the interrupt controller of the host, which is version 3 where it is known. */
  private static void gic(Draft draft) {
    XmlElement gic = draft.domain().childOrAdd("features").childOrAdd("gic");
    gic.setDefault("version", draft.type().equals("kvm") ? "3" : "2");
  }
}
