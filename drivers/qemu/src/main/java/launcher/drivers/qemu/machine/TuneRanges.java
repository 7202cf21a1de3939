package launcher.drivers.qemu.machine;

import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Numbers and names of tuning that the kernel, or this architecture, does not take. */
final class TuneRanges {
  private static final long LEAST_QUOTA = 1000;

  /** What the kernel's microseconds and nanoseconds leave (libvirt formatdomain, quota). */
  private static final long MOST_QUOTA = 17_592_186_044_415L;

  /** What can be counted, in the order in which libvirt writes it. */
  static final List<String> EVENTS =
      List.of(
          "cmt",
          "mbmt",
          "mbml",
          "cpu_cycles",
          "instructions",
          "cache_references",
          "cache_misses",
          "branch_instructions",
          "branch_misses",
          "bus_cycles",
          "stalled_cycles_frontend",
          "stalled_cycles_backend",
          "ref_cpu_cycles",
          "cpu_clock",
          "task_clock",
          "page_faults",
          "context_switches",
          "cpu_migrations",
          "page_faults_min",
          "page_faults_maj",
          "alignment_faults",
          "emulation_faults");

  private TuneRanges() {}

  static void check(Draft draft) {
    XmlElement domain = draft.domain();
    domain.child("cputune").ifPresent(tune -> processors(draft, tune));
    domain
        .child("iothreadids")
        .ifPresent(all -> all.children("iothread").forEach(t -> pool(draft, t)));
    domain
        .child("perf")
        .ifPresent(perf ->
            perf.children("event").stream()
                .filter(e -> !EVENTS.contains(e.attribute("name", "")))
                .forEach(e ->
                    draft.refuse(e, "there is no event '%s'".formatted(e.attribute("name", "")))));
    domain
        .child("idmap")
        .filter(i -> i.hasChild("uid") && !i.hasChild("gid"))
        .ifPresent(i -> draft.refuse(i, "uid and gid should be mapped both"));
  }

  private static void processors(Draft draft, XmlElement tune) {
    for (String whose : List.of("", "global_", "emulator_", "iothread_")) {
      within(draft, tune, whose + "quota", MOST_QUOTA);
    }
  }

  // No more than 0 means no limit.
  private static void within(Draft draft, XmlElement tune, String name, long most) {
    OptionalLong value = Numbers.parse(tune.value(name, ""));
    if (value.isPresent()
        && value.getAsLong() > 0
        && (value.getAsLong() < LEAST_QUOTA || value.getAsLong() > most)) {
      draft.refuse(
          tune.childOrAdd(name),
          "'%s' of cputune must be %d to %d".formatted(name, LEAST_QUOTA, most));
    }
  }

  private static void pool(Draft draft, XmlElement thread) {
    OptionalLong least = Numbers.parse(thread.attribute("thread_pool_min", ""));
    OptionalLong most = Numbers.parse(thread.attribute("thread_pool_max", ""));
    if (least.isPresent() && most.isPresent() && least.getAsLong() > most.getAsLong()) {
      draft.refuse(thread, "thread_pool_min must not be more than thread_pool_max");
    }
  }
}
