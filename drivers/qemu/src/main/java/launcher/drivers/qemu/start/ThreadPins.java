package launcher.drivers.qemu.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.MonitorStep;
import launcher.drivers.plan.MonitorStep.Pin;
import launcher.drivers.plan.MonitorStep.Pin.Threads;
import launcher.drivers.qemu.block.IoThreads;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/**
 * On which of the host's processors QEMU's threads may run: {@code <vcpu cpuset>} is for all of
 * them, the pins of {@code <cputune>} for one kind each (libvirt formatdomain, CPU Tuning).
 */
public final class ThreadPins {
  private ThreadPins() {}

  /** The steps of a prepared definition, none where it says nothing. */
  public static List<MonitorStep> of(XmlElement live) {
    Optional<String> all = live.value("vcpu/@cpuset");
    List<MonitorStep> steps = new ArrayList<>();
    // first: threads that are born later inherit it
    add(steps, Threads.EMULATOR, 0, live.value("cputune/emulatorpin/@cpuset").or(() -> all));
    for (long processor : processors(live)) {
      add(
          steps,
          Threads.PROCESSOR,
          processor,
          pin(live, "vcpupin", "vcpu", processor).or(() -> all));
    }
    for (long thread : IoThreads.of(live)) {
      add(
          steps,
          Threads.IO_THREAD,
          thread,
          pin(live, "iothreadpin", "iothread", thread).or(() -> all));
    }
    return steps;
  }

  private static void add(
      List<MonitorStep> steps, Threads threads, long number, Optional<String> processors) {
    processors.ifPresent(set -> steps.add(new Pin(threads, number, set)));
  }

  /** The pin of one thread in {@code <cputune>}. */
  private static Optional<String> pin(XmlElement live, String name, String attribute, long number) {
    return live.child("cputune").map(tune -> tune.children(name)).orElse(List.of()).stream()
        .filter(pin -> CpuSet.parse(pin.attribute(attribute, "")).get((int) number))
        .findFirst()
        .flatMap(pin -> pin.attribute("cpuset"));
  }

  /** Those that the guest has now; one that is plugged in later is pinned then. */
  private static List<Long> processors(XmlElement live) {
    List<XmlElement> listed = live.child("vcpus").map(v -> v.children("vcpu")).orElse(List.of());
    if (!listed.isEmpty()) {
      return listed.stream()
          .filter(cpu -> cpu.is("enabled", "yes"))
          .map(cpu -> Numbers.parse(cpu.attribute("id", "")).orElse(0))
          .toList();
    }
    long count =
        Numbers.parse(live.value("vcpu/@current").orElseGet(() -> live.value("vcpu", "1")))
            .orElse(1);
    List<Long> numbers = new ArrayList<>();
    for (long number = 0; number < count; number++) {
      numbers.add(number);
    }
    return numbers;
  }
}
