package launcher.drivers.qemu.machine;

import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.memory.GuestMemory;
import launcher.schemas.domain.Features;

/** Switches of the pSeries machine. */
final class MachinePower {
  private MachinePower() {}

  static void put(Features features, Props machine) {
    features.hpt().ifPresent(h -> pageTable(h, machine));
    machine.onOff("cap-htm", features.htm().flatMap(Features.Flag::state));
    machine.onOff("cap-nested-hv", features.nestedHv().flatMap(Features.Flag::state));
    machine.onOff("cap-ccf-assist", features.ccfAssist().flatMap(Features.Flag::state));
    machine.put("cap-cfpc", value(features.cfpc()));
    machine.put("cap-sbbc", value(features.sbbc()));
    machine.put("cap-ibs", value(features.ibs()));
  }

  private static Optional<String> value(Optional<Features.Valued> feature) {
    return feature.flatMap(Features.Valued::value);
  }

  private static void pageTable(Features.Hpt hpt, Props machine) {
    machine.put("resize-hpt", hpt.resizing());
    hpt.maxpagesize()
        .flatMap(p -> GuestMemory.kib(p.size(), p.unit()))
        .ifPresent(kib -> machine.put("cap-hpt-max-page-size", kib + "k"));
  }
}
