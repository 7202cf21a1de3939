package launcher.drivers.qemu.cpu;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.Spelling;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** CPUs that cannot be. */
public final class CpuRefusals {
  /** What must be asked before a usual model is written down. */
  public static final List<DraftRule> AS_WRITTEN =
      List.of(CpuRefusals::unnamed, CpuRefusals::vendor);

  /** The rules. */
  public static final List<DraftRule> RULES =
      List.of(
          CpuRefusals::count,
          VcpuRefusals::check,
          CpuRefusals::topology,
          CpuRefusals::mode,
          CpuRefusals::model,
          CpuRefusals::features,
          CpuRefusals::cache,
          CpuRefusals::addressWidth,
          CpuRefusals::armFeatures,
          CpuKindRefusals::check,
          TimerRefusals::check);

  /** Models of x86 that have their own mode. */
  private static final Set<String> WHOLE = Set.of("host", "max");

  private CpuRefusals() {}

  private static XmlElement cpu(Draft draft) {
    return draft.domain().child("cpu").orElse(XmlElement.of("cpu"));
  }

  private static long number(XmlElement element, String attribute, long absent) {
    return Numbers.parse(element.attribute(attribute, "")).orElse(absent);
  }

  private static void count(Draft draft) {
    XmlElement vcpu = draft.domain().childOrAdd("vcpu");
    long most = Numbers.parse(vcpu.text()).orElse(1);
    if (number(vcpu, "current", 1) > most) {
      draft.refuse(
          vcpu,
          "maxvcpus must not be less than current vcpus (%d < %s)"
              .formatted(most, vcpu.attribute("current", "")));
    }
  }

  private static void topology(Draft draft) {
    cpu(draft)
        .child("topology")
        .ifPresent(t -> {
          long product = 1;
          for (String level : List.of("sockets", "dies", "clusters", "cores", "threads")) {
            product *= number(t, level, 1);
          }
          long most = Numbers.parse(draft.domain().value("vcpu", "1")).orElse(1);
          if (product != most) {
            draft.refuse(
                t,
                "CPU topology doesn't match maximum vcpu count: %d places for %d CPUs"
                    .formatted(product, most));
          }
        });
  }

  private static void mode(Draft draft) {
    XmlElement cpu = cpu(draft);
    boolean tcg = draft.type().equals("qemu");
    boolean whole = cpu.is("mode", "host-passthrough") || cpu.is("mode", "maximum");
    if (cpu.has("migratable") && !whole) {
      draft.refuse(
          cpu, "attribute migratable is only allowed for 'host-passthrough' / 'maximum' CPU mode");
    }
    Set<String> models = draft.capabilities().accelerator(draft.type()).cpuModels().keySet();
    if (cpu.is("mode", "maximum") && !models.isEmpty() && !models.contains("max")) {
      draft.refuse(cpu, "maximum CPU is not supported by this QEMU binary");
    }
    if (cpu.is("mode", "host-passthrough") && tcg) {
      draft.refuse(
          cpu,
          "CPU mode 'host-passthrough' for %s qemu domain on %s host is not supported by hypervisor:"
                  .formatted(draft.machine().arch(), draft.host().arch())
              + " use mode='maximum' or domain type 'kvm'");
    }
  }

  private static void model(Draft draft) {
    XmlElement cpu = cpu(draft);
    Set<String> known = draft.capabilities().accelerator(draft.type()).cpuModels().keySet();
    String model = cpu.value("model", "");
    boolean named = cpu.is("mode", "custom") && !model.isEmpty() && !known.isEmpty();
    boolean none =
        known.stream().noneMatch(model::equalsIgnoreCase)
            || (draft.machine().x86() && WHOLE.contains(model));
    if (named && none) {
      String hint =
          Spelling.nearest(model, known).map(n -> " (did you mean '" + n + "'?)").orElse("");
      draft.refuse(
          cpu.child("model").orElse(cpu),
          "unknown CPU model '%s': this QEMU does not have it%s".formatted(model, hint));
    }
  }

  private static void unnamed(Draft draft) {
    XmlElement cpu = cpu(draft);
    boolean custom = cpu.attribute("mode", "custom").equals("custom");
    if (custom && cpu.hasChild("feature") && cpu.value("model", "").isEmpty()) {
      draft.refuse(cpu, "non-empty feature list specified without CPU model");
    }
  }

  private static void vendor(Draft draft) {
    XmlElement cpu = cpu(draft);
    cpu.child("model")
        .filter(m -> m.has("vendor_id") && !m.attribute("vendor_id", "").matches("[^,]{12}"))
        .ifPresent(m ->
            draft.refuse(m, "vendor id '%s' is invalid".formatted(m.attribute("vendor_id", ""))));
    if (cpu.hasChild("vendor") && cpu.value("model", "").isEmpty()) {
      draft.refuse(cpu, "CPU vendor specified without CPU model");
    }
  }

  private static void features(Draft draft) {
    Set<String> seen = new HashSet<>();
    for (XmlElement feature : cpu(draft).children("feature")) {
      if (!seen.add(feature.attribute("name", ""))) {
        draft.refuse(
            feature,
            "CPU feature '%s' specified more than once".formatted(feature.attribute("name", "")));
      }
    }
  }

  private static void cache(Draft draft) {
    XmlElement cpu = cpu(draft);
    cpu.child("cache")
        .ifPresent(c -> {
          String mode = c.attribute("mode", "");
          if (mode.equals("emulate") && !c.is("level", "3")) {
            draft.refuse(c, "CPU cache mode 'emulate' can only be used with level='3'");
          }
          if (mode.equals("passthrough") && c.has("level")) {
            draft.refuse(c, "unsupported CPU cache level for mode 'passthrough'");
          }
          if (mode.equals("disable") && c.has("level")) {
            draft.refuse(c, "unsupported CPU cache level for mode 'disable'");
          }
          boolean host = cpu.is("mode", "host-passthrough") || cpu.is("mode", "maximum");
          if (mode.equals("passthrough") && !host) {
            draft.refuse(
                c, "CPU cache mode 'passthrough' can only be used with 'host-passthrough' CPUs");
          }
        });
  }

  private static void addressWidth(Draft draft) {
    XmlElement cpu = cpu(draft);
    cpu.child("maxphysaddr")
        .ifPresent(m -> {
          boolean passthrough = m.is("mode", "passthrough");
          if (passthrough && m.has("bits")) {
            draft.refuse(
                m,
                "CPU maximum physical address bits number specification cannot be used with"
                    + " mode='passthrough'");
          }
          if (!passthrough && m.has("limit")) {
            draft.refuse(
                m,
                "CPU maximum physical address bits limit specification cannot be used with"
                    + " mode='emulate'");
          }
        });
  }

  private static void armFeatures(Draft draft) {
    if (!draft.machine().arm()) {
      return;
    }
    List<XmlElement> features = cpu(draft).children("feature");
    for (XmlElement feature : features) {
      String name = feature.attribute("name", "");
      boolean known =
          draft.capabilities().has("max-arm-cpu", name)
              || !draft.capabilities().properties().containsKey("max-arm-cpu");
      boolean other = name.equals("pmu") || name.equals("aarch64"); // which others switches say
      if ((!known && !name.startsWith("sve")) || other) {
        draft.refuse(feature, "unknown CPU feature: %s".formatted(name));
      }
    }
    boolean disabled =
        features.stream().anyMatch(f -> f.is("name", "sve") && f.is("policy", "disable"));
    boolean lengths =
        features.stream()
            .anyMatch(f -> f.attribute("name", "").matches("sve\\d+") && f.is("policy", "require"));
    if (disabled && lengths) {
      draft.refuse(cpu(draft), "SVE disabled, but SVE vector lengths provided");
    }
  }
}
