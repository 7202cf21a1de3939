package launcher.drivers.qemu.machine;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftRule;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Threads, labels and tables that do not fit together. */
public final class TuneRefusals {
  /** What must be asked before elements are split or completed. */
  public static final List<DraftRule> AS_WRITTEN =
      List.of(TuneRefusals::overlaps, TuneRefusals::sets);

  /** The others. */
  public static final List<DraftRule> RULES =
      List.of(
          TuneRefusals::ioThreads, TuneRanges::check, TuneRefusals::labels, TuneRefusals::tables);

  private static final DateTimeFormatter BIOS_DATE =
      DateTimeFormatter.ofPattern("M/d/uuuu", Locale.ROOT);

  /** No guest has more threads of one kind; a definition must not make launcher count for ever. */
  static final int MOST_THREADS = 4096;

  private static final Set<String> REAL_TIME = Set.of("fifo", "rr");

  // microseconds; the kernel's limits of cpu.max
  private static final long SHORTEST_PERIOD = 1000;
  private static final long LONGEST_PERIOD = 1_000_000;

  private TuneRefusals() {}

  private static List<XmlElement> tune(Draft draft, String name) {
    return draft.domain().child("cputune").map(t -> t.children(name)).orElse(List.of());
  }

  private static void overlaps(Draft draft) {
    for (String name : List.of("cachetune", "memorytune")) {
      if (!draft.type().equals("kvm")) {
        tune(draft, name)
            .forEach(e -> draft.refuse(e, name + " is only supported for KVM domains"));
      }
    }
    draft
        .domain()
        .at("memtune/min_guarantee")
        .ifPresent(g -> draft.refuse(g, "parameter 'min_guarantee' is not supported by QEMU"));
    periods(draft);
    for (String name : List.of("vcpusched", "iothreadsched", "emulatorsched")) {
      tune(draft, name).stream()
          .filter(s -> REAL_TIME.contains(s.attribute("scheduler", "")) && !s.has("priority"))
          .forEach(s -> draft.refuse(s, "a real-time <%s> misses its 'priority'".formatted(name)));
    }
    overlap(draft, "vcpusched", "vcpus");
    overlap(draft, "iothreadsched", "iothreads");
  }

  private static void periods(Draft draft) {
    for (String name : List.of("period", "global_period", "emulator_period", "iothread_period")) {
      for (XmlElement period : tune(draft, name)) {
        long micros = Numbers.parse(period.text()).orElse(SHORTEST_PERIOD);
        boolean none = micros == 0; // the kernel's own
        if (!none && (micros < SHORTEST_PERIOD || micros > LONGEST_PERIOD)) {
          draft.refuse(
              period,
              "%s must be from %d to %d microseconds, not %d"
                  .formatted(name, SHORTEST_PERIOD, LONGEST_PERIOD, micros));
        }
      }
    }
  }

  private static void overlap(Draft draft, String name, String attribute) {
    BitSet seen = new BitSet();
    for (XmlElement element : tune(draft, name)) {
      BitSet set = CpuSet.parse(element.attribute(attribute, ""));
      if (seen.intersects(set)) {
        draft.refuse(element, "'%s' attributes '%s' must not overlap".formatted(name, attribute));
      }
      seen.or(set);
    }
  }

  private static void sets(Draft draft) {
    once(draft, "vcpupin", "vcpu");
    once(draft, "iothreadpin", "iothread");
    set(draft, draft.domain().child("vcpu").orElse(draft.domain()), "cpuset");
    for (String name : List.of("vcpupin", "emulatorpin", "iothreadpin")) {
      tune(draft, name).forEach(e -> set(draft, e, "cpuset"));
    }
    draft.domain().at("numatune/memory").ifPresent(m -> set(draft, m, "nodeset"));
    draft
        .domain()
        .child("numatune")
        .ifPresent(t -> t.children("memnode").forEach(m -> set(draft, m, "nodeset")));
  }

  private static void once(Draft draft, String name, String attribute) {
    Set<String> seen = new HashSet<>();
    for (XmlElement pin : tune(draft, name)) {
      String id = pin.attribute(attribute, "");
      if (!seen.add(id)) {
        draft.refuse(pin, "duplicate %s for %s '%s'".formatted(name, attribute, id));
      }
    }
  }

  private static void set(Draft draft, XmlElement element, String attribute) {
    element
        .attribute(attribute)
        .filter(value -> !CpuSet.valid(value) || CpuSet.parse(value).isEmpty())
        .ifPresent(value ->
            draft.refuse(
                element,
                "failed to parse bitmap '%s' of attribute '%s': expected numbers and ranges such"
                        .formatted(value, attribute)
                    + " as '0-3,^2,7'"));
  }

  private static void ioThreads(Draft draft) {
    long count = Numbers.parse(draft.domain().value("iothreads", "0")).orElse(0);
    if (count < 0 || count > MOST_THREADS) {
      draft.refuse(
          draft.domain().childOrAdd("iothreads"),
          "more than %d I/O threads cannot be had".formatted(MOST_THREADS));
      return;
    }
    Set<Long> ids = new HashSet<>();
    for (XmlElement thread :
        draft.domain().child("iothreadids").map(i -> i.children("iothread")).orElse(List.of())) {
      if (!ids.add(Numbers.parse(thread.attribute("id", "")).orElse(0))) {
        draft.refuse(
            thread, "duplicate iothread id '%s' found".formatted(thread.attribute("id", "")));
      }
    }
    for (long id = 1; ids.size() < count; id++) {
      ids.add(id);
    }
    for (XmlElement sched : tune(draft, "iothreadsched")) {
      known(draft, sched, "iothreads", ids);
    }
    for (XmlElement pin : tune(draft, "iothreadpin")) {
      known(draft, pin, "iothread", ids);
    }
  }

  private static void known(Draft draft, XmlElement element, String attribute, Set<Long> ids) {
    long id = Numbers.parse(element.attribute(attribute, "")).orElse(0);
    if (!ids.contains(id)) {
      draft.refuse(element, "cannot find 'iothread' : %d".formatted(id));
    }
  }

  private static void labels(Draft draft) {
    List<XmlElement> labels = draft.domain().children("seclabel");
    Set<String> models = new HashSet<>();
    for (XmlElement label : labels) {
      String model = label.attribute("model", "");
      if (model.isEmpty() && labels.size() > 1) {
        draft.refuse(label, "missing security model when using multiple labels");
      } else if (!models.add(model)) {
        draft.refuse(label, "seclabel for model %s is already provided".formatted(model));
      }
      if (label.attribute("type", "dynamic").equals("dynamic") && label.is("relabel", "no")) {
        draft.refuse(label, "a dynamic label cannot go with relabel='no'");
      }
      if (label.is("type", "static") && !label.hasChild("label")) {
        draft.refuse(label, "security label is missing");
      }
    }
  }

  private static void tables(Draft draft) {
    boolean wanted = draft.domain().value("os/smbios/@mode", "").equals("sysinfo");
    List<XmlElement> infos = draft.domain().children("sysinfo");
    if (wanted && infos.stream().noneMatch(i -> i.is("type", "smbios"))) {
      draft.refuse(
          draft.domain().at("os/smbios").orElseThrow(),
          "domain '%s' sysinfo are not available: add <sysinfo type='smbios'>"
              .formatted(draft.domain().value("name", "")));
    }
    for (XmlElement info : infos) {
      info.children("baseBoard").stream()
          .skip(wanted ? 1 : Long.MAX_VALUE)
          .forEach(b ->
              draft.refuse(
                  b, "QEMU does not support more than one entry to type 2 in the SMBIOS table"));
      info.children("entry").forEach(e -> firmwareFile(draft, e));
      info.child("bios").ifPresent(b -> b.children("entry").forEach(e -> date(draft, e)));
      info.child("system").ifPresent(s -> s.children("entry").forEach(e -> identity(draft, e)));
    }
  }

  // Names outside opt/ are QEMU's own; see its docs/specs/fw_cfg.
  private static void firmwareFile(Draft draft, XmlElement entry) {
    String name = entry.attribute("name", "");
    if (!name.startsWith("opt/")) {
      draft.refuse(entry, "invalid firmware name '%s': it must begin with 'opt/'".formatted(name));
    } else if (name.startsWith("opt/ovmf/") || name.startsWith("opt/org.qemu/")) {
      draft.refuse(entry, "that firmware name is reserved: '%s'".formatted(name));
    }
    if (entry.has("file") == !entry.text().isEmpty()) {
      draft.refuse(entry, "firmware entry must have either value or 'file' attribute");
    }
  }

  private static void date(Draft draft, XmlElement entry) {
    if (entry.is("name", "date")) {
      try {
        LocalDate.parse(entry.text(), BIOS_DATE);
      } catch (DateTimeException e) {
        draft.refuse(
            entry,
            "invalid BIOS 'date' format '%s': expected month/day/year".formatted(entry.text()));
      }
    }
  }

  private static void identity(Draft draft, XmlElement entry) {
    String uuid = draft.domain().value("uuid", "").strip();
    if (entry.is("name", "uuid") && !entry.text().strip().equalsIgnoreCase(uuid)) {
      draft.refuse(entry, "UUID mismatch between <uuid> and <sysinfo>");
    }
  }
}
