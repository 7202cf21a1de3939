package launcher.engine.isolation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.Step;
import launcher.engine.device.HostDeviceNodes;
import launcher.spawn.LandlockRule;

/**
 * The steps that keep a guest to its devices by its control group.
 *
 * @param group of version 1; empty where the host has none that we may make
 * @param allowed in the words of version 1: {@code c 1:3 rw}
 * @param nodes device files of the host's devices, which need not be there yet
 */
record DeviceLimits(Optional<Path> group, List<String> allowed, List<Path> nodes, String uuid) {
  DeviceLimits {
    allowed = List.copyOf(allowed);
    nodes = List.copyOf(nodes);
  }

  /**
   * Of a guest that is about to start.
   *
   * @param rules what it may open
   * @param nodes device files of the host's devices; they are told apart, since they come and go
   */
  static DeviceLimits of(List<LandlockRule> rules, List<Path> nodes, String uuid) {
    List<Path> all = HostDeviceNodes.withShared(nodes);
    List<LandlockRule> others = rules.stream().filter(rule -> !all.contains(rule.path())).toList();
    return new DeviceLimits(DeviceGroup.of(uuid), DeviceGroup.allowed(others), all, uuid);
  }

  /** Before the process exists: what is made when a device is bound was not there to be listed. */
  List<Step> prepare() {
    List<Step> steps = new ArrayList<>();
    group.ifPresent(place -> {
      steps.add(new IsolationStep.LimitDevices(place, allowed, uuid));
      nodes.forEach(node -> steps.add(new IsolationStep.AllowDevice(node, place, uuid)));
    });
    return steps;
  }

  /** While the process is held. */
  Optional<Step> held() {
    return group
        .or(DeviceGroup::unified)
        .map(place -> new IsolationStep.FilterDevices(place, allowed, uuid, nodes));
  }
}
