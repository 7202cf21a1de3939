package launcher.drivers.qemu.controller;

import java.util.List;
import launcher.drivers.qemu.draft.DraftRule;

/** The rules of this package, in the order of the pipeline's sections. */
public final class ControllerRules {
  /** Controllers that come by themselves, and the models of all. */
  public static final List<DraftRule> COMPLETION =
      List.of(
          DeviceControllers::hostDevices,
          MachineControllers::complete,
          DeviceControllers::complete,
          ControllerModels::complete);

  /** What controllers cannot be as they are written. */
  public static final List<DraftRule> AS_WRITTEN = List.of(ControllerRefusals::checkWritten);

  /** What controllers cannot be. */
  public static final List<DraftRule> REFUSALS =
      List.of(ControllerRefusals::check, PciControllerRefusals::check);

  private ControllerRules() {}
}
