package launcher.drivers.qemu.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/**
 * Writes tuning at the top of a domain in one form: sets of CPUs and nodes as ranges in their
 * order, limits of zero or without end not at all.
 */
final class CanonicalTuning {
  static final List<DraftRule> RULES =
      List.of(
          CanonicalTuning::sets,
          CanonicalTuning::pins,
          CanonicalTuning::limits,
          CanonicalTuning::blockDevices,
          SysinfoTables::complete,
          CanonicalTuning::switches,
          CanonicalTuning::emptyElements);

  /** What libvirt takes for "no limit", in KiB (formatdomain, memtune). */
  private static final long UNLIMITED_KIB = 9_007_199_254_740_991L;

  private static final List<String> PERIODS =
      List.of(
          "period",
          "quota",
          "global_period",
          "global_quota",
          "emulator_period",
          "emulator_quota",
          "iothread_period",
          "iothread_quota");

  private CanonicalTuning() {}

  private static void sets(Draft draft) {
    XmlElement domain = draft.domain();
    domain.child("vcpu").ifPresent(v -> set(v, "cpuset"));
    for (XmlElement pin : domain.child("cputune").map(XmlElement::children).orElse(List.of())) {
      set(pin, "cpuset");
    }
    for (XmlElement node : domain.child("numatune").map(XmlElement::children).orElse(List.of())) {
      set(node, "nodeset");
    }
    domain
        .at("memoryBacking/hugepages")
        .ifPresent(h -> h.children("page").forEach(p -> set(p, "nodeset")));
  }

  private static void set(XmlElement element, String attribute) {
    element
        .attribute(attribute)
        .filter(CpuSet::valid)
        .map(CpuSet::parse)
        .filter(s -> !s.isEmpty())
        .ifPresent(s -> element.set(attribute, CpuSet.write(s)));
  }

  // A CPU that the guest has not is pinned nowhere.
  private static void pins(Draft draft) {
    XmlElement domain = draft.domain();
    OptionalLong most = Numbers.parse(domain.value("vcpu", "1"));
    domain
        .child("cputune")
        .ifPresent(tune -> {
          for (XmlElement pin : tune.children("vcpupin")) {
            if (most.isPresent() && number(pin, "vcpu") >= most.getAsLong()) {
              pin.detach();
            }
          }
          inOrder(tune, "vcpupin", "vcpu");
        });
  }

  private static void inOrder(XmlElement tune, String name, String attribute) {
    List<XmlElement> pins = tune.children(name);
    pins.forEach(XmlElement::detach);
    pins.stream().sorted(Comparator.comparingLong(p -> number(p, attribute))).forEach(tune::add);
  }

  private static long number(XmlElement element, String attribute) {
    return Numbers.parse(element.attribute(attribute, "")).orElse(0);
  }

  private static void limits(Draft draft) {
    XmlElement domain = draft.domain();
    domain
        .child("cputune")
        .ifPresent(
            tune -> PERIODS.forEach(p -> tune.child(p).ifPresent(CanonicalTuning::dropZero)));
    domain
        .child("memtune")
        .ifPresent(tune -> {
          for (XmlElement limit : List.copyOf(tune.children())) {
            OptionalLong bytes = Numbers.bytes(limit.text(), limit.attribute("unit", "KiB"), "KiB");
            if (bytes.isPresent() && (bytes.getAsLong() >>> 10) >= UNLIMITED_KIB) {
              limit.detach();
            }
          }
        });
  }

  private static void dropZero(XmlElement element) {
    if (Numbers.parse(element.text()).equals(OptionalLong.of(0))) {
      element.detach();
    }
  }

  private static void blockDevices(Draft draft) {
    draft
        .domain()
        .child("blkiotune")
        .ifPresent(tune -> {
          tune.child("weight").ifPresent(CanonicalTuning::dropZero);
          for (XmlElement device : tune.children("device")) {
            List.copyOf(device.children()).forEach(CanonicalTuning::dropZero);
            if (device.children().stream().allMatch(c -> c.name().equals("path"))) {
              device.detach();
            }
          }
        });
  }

  // A switch that says neither "yes" nor "no" is left to QEMU; identities of users begin with uid.
  private static void switches(Draft draft) {
    XmlElement domain = draft.domain();
    domain
        .child("pm")
        .ifPresent(pm ->
            List.copyOf(pm.children()).stream()
                .filter(s -> !s.has("enabled"))
                .forEach(XmlElement::detach));
    domain
        .child("perf")
        .ifPresent(perf -> {
          List<XmlElement> events = new ArrayList<>(perf.children());
          events.sort(
              Comparator.comparingInt(e -> TuneRanges.EVENTS.indexOf(e.attribute("name", ""))));
          perf.reorder(events);
        });
    domain.child("idmap").filter(i -> !i.hasChild("uid")).ifPresent(XmlElement::detach);
  }

  private static void emptyElements(Draft draft) {
    XmlElement domain = draft.domain();
    Set<String> containers =
        new HashSet<>(
            List.of(
                "cputune",
                "memtune",
                "blkiotune",
                "numatune",
                "pm",
                "perf",
                "throttlegroups",
                "iothreadids",
                "override",
                "capabilities"));
    for (XmlElement child : List.copyOf(domain.children())) {
      if (containers.contains(child.name()) && child.children().isEmpty()) {
        child.detach();
      }
    }
    for (String text : List.of("title", "description")) {
      domain.child(text).filter(e -> e.text().isEmpty()).ifPresent(XmlElement::detach);
    }
    for (String text : List.of("kernel", "initrd", "cmdline", "dtb", "shim")) {
      domain.at("os/" + text).filter(e -> e.text().isEmpty()).ifPresent(XmlElement::detach);
    }
  }
}
