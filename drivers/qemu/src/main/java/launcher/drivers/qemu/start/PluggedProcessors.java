package launcher.drivers.qemu.start;

import java.util.ArrayList;
import java.util.List;
import launcher.drivers.plan.MonitorStep;
import launcher.schemas.XmlElement;

/**
 * The processors that come after the start: QEMU begins with those that are there for good ({@code
 * -smp}), the others of {@code <vcpus>} are plugged in.
 */
final class PluggedProcessors {
  private PluggedProcessors() {}

  static List<MonitorStep> of(XmlElement domain) {
    List<XmlElement> all = domain.child("vcpus").map(v -> v.children("vcpu")).orElse(List.of());
    List<Integer> later = new ArrayList<>();
    int enabled = 0;
    boolean gaps = false;
    for (int number = 0; number < all.size(); number++) {
      XmlElement cpu = all.get(number);
      if (cpu.is("enabled", "yes")) {
        gaps |= enabled < number;
        enabled++;
        if (cpu.is("hotpluggable", "yes")) {
          later.add(number);
        }
      }
    }
    if (later.isEmpty()) {
      return List.of();
    }
    return gaps
        ? later.stream().<MonitorStep>map(MonitorStep.PlugProcessor::new).toList()
        : List.of(new MonitorStep.PlugProcessors(enabled));
  }
}
