package launcher.drivers.qemu.machine;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Switches that the machine does not have, or that exclude each other. */
public final class FeatureRefusals {
  /** The rules. */
  public static final List<DraftRule> RULES =
      List.of(
          FeatureRefusals::foreign,
          FeatureRefusals::keyboardController,
          FeatureRefusals::managementMemory,
          FeatureRefusals::dirtyRing,
          FeatureRefusals::states,
          FeatureRefusals::spinlocks,
          FeatureRefusals::vendor,
          FeatureRefusals::teardown,
          FeatureRefusals::translation,
          FeatureRefusals::acpiNeedsFirmware);

  /** Machines that a switch exists on. */
  private static final Map<String, Predicate<Machine>> MACHINES =
      Map.ofEntries(
          Map.entry("hpt", Machine::pseries),
          Map.entry("htm", Machine::pseries),
          Map.entry("nested-hv", Machine::pseries),
          Map.entry("ccf-assist", Machine::pseries),
          Map.entry("cfpc", Machine::pseries),
          Map.entry("sbbc", Machine::pseries),
          Map.entry("ibs", Machine::pseries),
          Map.entry("gic", Machine::armVirt),
          Map.entry("ras", Machine::armVirt),
          Map.entry("aia", Machine::riscvVirt),
          Map.entry("smm", m -> m.q35() || m.i440fx() || m.microvm()),
          Map.entry("ioapic", Machine::x86),
          Map.entry("vmport", Machine::x86),
          Map.entry("hyperv", m -> m.x86() || m.arm()),
          Map.entry("pvspinlock", Machine::x86),
          Map.entry("ps2", Machine::x86));

  /** Switches that say nothing by being there. */
  private static final Set<String> STATED = Set.of("ps2", "ras");

  private FeatureRefusals() {}

  private static List<XmlElement> features(Draft draft) {
    return draft.domain().child("features").map(XmlElement::children).orElse(List.of());
  }

  private static void foreign(Draft draft) {
    for (XmlElement feature : features(draft)) {
      if (STATED.contains(feature.name()) && !feature.has("state")) {
        draft.refuse(feature, "the '%s' feature misses its 'state'".formatted(feature.name()));
      }
      Predicate<Machine> fits = MACHINES.getOrDefault(feature.name(), m -> true);
      if (!fits.test(draft.machine())) {
        draft.refuse(
            feature,
            "the '%s' feature is not supported for architecture '%s' or machine type '%s'"
                .formatted(feature.name(), draft.machine().arch(), draft.machine().name()));
      }
    }
  }

  private static void states(Draft draft) {
    draft
        .domain()
        .at("features/hyperv")
        .ifPresent(hyperv ->
            hyperv.children().stream()
                .filter(one -> !one.has("state"))
                .forEach(one ->
                    draft.refuse(one, "missing attribute 'state' of <%s>".formatted(one.name()))));
  }

  private static void keyboardController(Draft draft) {
    XmlElement domain = draft.domain();
    boolean off = domain.value("features/ps2/@state", "").equals("off");
    if (off && domain.value("features/vmport/@state", "").equals("on")) {
      draft.refuse(
          domain.at("features/vmport").orElse(domain),
          "vmport feature requires the ps2 feature not to be disabled");
    }
  }

  private static void managementMemory(Draft draft) {
    draft
        .domain()
        .at("features/smm/tseg")
        .ifPresent(t -> {
          if (!draft.machine().q35()) {
            draft.refuse(t, "SMM TSEG is only supported with q35 machine type");
          }
          OptionalLong bytes = Numbers.bytes(t.text(), t.attribute("unit", "MiB"), "MiB");
          if (bytes.orElse(0) % (1 << 20) != 0) {
            draft.refuse(t, "SMM TSEG size must be divisible by 1 MiB");
          }
        });
  }

  private static void dirtyRing(Draft draft) {
    draft
        .domain()
        .at("features/kvm/dirty-ring")
        .filter(r -> r.is("state", "on"))
        .ifPresent(r -> {
          long size = Numbers.parse(r.attribute("size", "")).orElse(0);
          if (Long.bitCount(size) != 1 || size < 1024 || size > 65536) {
            draft.refuse(r, "dirty ring size must be a power of two between 1024 and 65536");
          }
        });
  }

  private static void spinlocks(Draft draft) {
    draft
        .domain()
        .at("features/hyperv/spinlocks")
        .filter(s -> s.is("state", "on"))
        .filter(s -> Numbers.parse(s.attribute("retries", "0")).orElse(0) < 4095)
        .ifPresent(s -> draft.refuse(s, "HyperV spinlock retry count must be at least 4095"));
  }

  private static void vendor(Draft draft) {
    draft
        .domain()
        .at("features/hyperv/vendor_id")
        .filter(v -> v.is("state", "on") && v.attribute("value", "").isEmpty())
        .ifPresent(
            v -> draft.refuse(v, "missing 'value' attribute for HyperV feature 'vendor_id'"));
  }

  private static void teardown(Draft draft) {
    draft
        .domain()
        .at("features/async-teardown")
        .filter(t -> !draft.capabilities().option("run-with", "async-teardown"))
        .ifPresent(
            t -> draft.refuse(t, "asynchronous teardown is not available with this QEMU binary"));
  }

  private static void translation(Draft draft) {
    draft
        .domain()
        .at("features/tcg")
        .filter(t -> draft.type().equals("kvm"))
        .ifPresent(t -> draft.refuse(t, "TCG features are incompatible with domain type 'kvm'"));
  }

  private static void acpiNeedsFirmware(Draft draft) {
    boolean efi =
        draft.domain().value("os/@firmware", "").equals("efi")
            || draft.domain().value("os/loader/@type", "").equals("pflash");
    boolean acpi = draft.domain().at("features/acpi").isPresent();
    boolean aarch64 = draft.machine().arch().equals("aarch64");
    if (acpi && aarch64 && draft.machine().armVirt() && !efi && !hasKernel(draft)) {
      draft.refuse(
          draft.domain().at("features/acpi").orElseThrow(),
          "ACPI requires UEFI on this architecture: set <os firmware='efi'>");
    }
  }

  private static boolean hasKernel(Draft draft) {
    return draft.domain().at("os/kernel").isPresent();
  }
}
