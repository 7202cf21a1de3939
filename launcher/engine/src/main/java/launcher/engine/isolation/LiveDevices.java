package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import launcher.drivers.plan.IsolationStep.FilterDevices;

/**
 * The devices that the control group of a running guest lets it open. What its {@link
 * FilterDevices} says is first written down and then told to the kernel: whoever is killed in
 * between, the next one tells it again.
 */
final class LiveDevices {
  private final StepMemory memory;
  private final int pid;

  /**
   * Of a running guest.
   *
   * @param memory what was done for it
   * @param pid its process
   */
  LiveDevices(StepMemory memory, int pid) {
    this.memory = memory;
    this.pid = pid;
  }

  /**
   * Lets the guest open device files, too.
   *
   * @throws IOException when one is not there, or the kernel refuses
   */
  void admit(List<Path> nodes) throws IOException {
    Optional<FilterDevices> filter = filter();
    if (filter.isPresent() && !nodes.isEmpty()) {
      List<Path> all = new ArrayList<>(present(filter.get()));
      nodes.stream().filter(node -> !all.contains(node)).forEach(all::add);
      become(filter.get(), filter.get().allowed(), all);
    }
  }

  /**
   * Does not let the guest open them any more; nor those that are not there any more, whose names
   * other devices may get.
   *
   * @param gone files that no device of the guest's needs
   */
  void dismiss(Set<Path> gone) throws IOException {
    Optional<FilterDevices> filter = filter();
    if (filter.isEmpty()) {
      return;
    }
    Set<String> devices =
        gone.stream()
            .flatMap(file -> DeviceGroup.device(file).stream())
            .map(LiveDevices::number)
            .collect(Collectors.toSet());
    List<Path> nodes = present(filter.get()).stream().filter(node -> !gone.contains(node)).toList();
    List<String> allowed =
        filter.get().allowed().stream().filter(words -> !devices.contains(number(words))).toList();
    if (!devices.isEmpty() || nodes.size() < filter.get().nodes().size()) {
      become(filter.get(), allowed, nodes);
    }
  }

  private Optional<FilterDevices> filter() {
    return memory.steps().stream()
        .filter(FilterDevices.class::isInstance)
        .map(FilterDevices.class::cast)
        .findFirst();
  }

  private static List<Path> present(FilterDevices filter) {
    return filter.nodes().stream().filter(Files::exists).toList();
  }

  /** {@code c 1:3} of {@code c 1:3 rw}. */
  private static String number(String words) {
    return words.substring(0, words.lastIndexOf(' '));
  }

  private void become(FilterDevices before, List<String> allowed, List<Path> nodes)
      throws IOException {
    FilterDevices after = new FilterDevices(before.path(), allowed, before.user(), nodes);
    if (!after.equals(before)) {
      memory.change(now -> now.stream().map(step -> step.equals(before) ? after : step).toList());
    }
    try {
      DeviceGroup.filter(after, pid);
    } catch (IOException failed) {
      if (Files.exists(Path.of("/proc", Integer.toString(pid)))) {
        throw failed;
      }
      // the guest has ended, and its group with it
    }
  }
}
