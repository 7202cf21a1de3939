package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.run.ProcessIdentity;

/**
 * What a running QEMU and the kernel count of a guest beyond its disks, under virsh's names.
 *
 * @param guest whose
 * @param values where they go
 */
record EmulatorStatistics(Guest guest, SequencedMap<String, Object> values) {
  private static final long NANOSECONDS_PER_TICK = 10_000_000;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private QemuMonitor monitor() {
    return guest.qemu().monitor();
  }

  /** Processor time of the whole process, without asking QEMU. */
  static void processor(int pid, SequencedMap<String, Object> values) {
    fields(Path.of("/proc/" + pid + "/stat"))
        .ifPresent(fields -> {
          long user = Long.parseLong(fields[USER_TICKS]) * NANOSECONDS_PER_TICK;
          long system = Long.parseLong(fields[SYSTEM_TICKS]) * NANOSECONDS_PER_TICK;
          values.put("cpu.time", user + system);
          values.put("cpu.user", user);
          values.put("cpu.system", system);
        });
  }

  private static Optional<String[]> fields(Path stat) {
    try {
      return Optional.of(ProcessIdentity.fields(stat));
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  void all(StatisticsWish wish) {
    balloon();
    processors();
    ioThreads();
    guest.jobs().dirtyRate().forEach((name, value) -> values.put("dirtyrate." + name, value));
    if (wish.hypervisor()) {
      hypervisor("vm", "vm.");
    }
  }

  private void balloon() {
    for (Map.Entry<String, Long> value : guest.devices().memoryStatistics().entrySet()) {
      String name = value.getKey().equals("actual") ? "current" : value.getKey();
      values.put("balloon." + name, value.getValue());
    }
  }

  private void processors() {
    int pid = guest.pid().orElse(0);
    GuestThreads.running(guest)
        .processors()
        .forEach((number, thread) -> {
          String prefix = "vcpu." + number + ".";
          Path task = Path.of("/proc/" + pid + "/task/" + thread);
          values.put(prefix + "state", 1); // running: virVcpuState of libvirt-domain.h
          fields(task.resolve("stat"))
              .ifPresent(fields -> {
                long ticks =
                    Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
                values.put(prefix + "time", ticks * NANOSECONDS_PER_TICK);
              });
          delay(task).ifPresent(nanoseconds -> values.put(prefix + "delay", nanoseconds));
        });
  }

  /** How long it was ready to run and waited (Documentation/scheduler/sched-stats.rst). */
  private static Optional<Long> delay(Path task) {
    try {
      String[] words = Files.readString(task.resolve("schedstat")).strip().split(" ", -1);
      return Optional.of(Long.valueOf(words[1]));
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  private void ioThreads() {
    Map<Long, Map<String, Long>> threads = guest.ioThreads().running();
    values.put("iothread.count", threads.size());
    threads.forEach((number, numbers) ->
        numbers.forEach((name, value) -> values.put("iothread." + number + "." + name, value)));
  }

  /** KVM's own counters; an emulating QEMU has none. */
  private void hypervisor(String target, String prefix) {
    monitor()
        .tryAsk("query-stats", Props.of("target", target), QemuMonitor.QUESTION)
        .ifPresent(answer -> {
          for (JsonObject provider : answer.objects("return")) {
            for (JsonObject counter : provider.objects("stats")) {
              if (counter.get("value") instanceof Long value) {
                values.put(prefix + counter.string("name", "").replace('-', '_') + ".sum", value);
              }
            }
          }
        });
  }
}
