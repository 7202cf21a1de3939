package launcher.drivers.qemu.devices;

import java.util.List;
import launcher.drivers.qemu.draft.DraftRule;

/** The rules of this package, in the order of the pipeline's sections. */
public final class DeviceRules {
  /** What must be refused as it is written, before completion changes it. */
  public static final List<DraftRule> AS_WRITTEN =
      List.of(
          DisplayRefusals::checkWritten,
          InterfaceRefusals::checkWritten,
          VideoRefusals::checkWritten,
          TpmRefusals::checkWritten);

  /** Values that each device has by itself. */
  public static final List<DraftRule> VALUES =
      List.of(
          CanonicalDevices::complete,
          ChardevRules::complete,
          PortRules::complete,
          InterfaceRules::complete,
          GraphicsRules::complete,
          InputRules::addBuiltIn,
          InputRules::complete,
          SmallDeviceRules::complete);

  /** Devices that come by themselves. */
  public static final List<DraftRule> IMPLICIT =
      List.of(
          PortRules::pairConsole,
          AudioRules::addBackend,
          AudioRules::complete,
          VideoRules::addCard,
          VideoRules::complete,
          SmallDeviceRules::addBuiltIn);

  /** What shows values that others have got. */
  public static final List<DraftRule> LAST = List.of(PortRules::mirror);

  /** What does not fit together. */
  public static final List<DraftRule> REFUSALS =
      List.of(
          ChardevRefusals::check,
          PortRefusals::check,
          InterfaceRefusals::check,
          InterfaceLimits::check,
          DisplayRefusals::check,
          VideoRefusals::check,
          InputRefusals::check,
          SoundRefusals::check,
          AudioRefusals::check,
          SmallDeviceRefusals::check,
          TpmRefusals::check,
          BusDeviceRefusals::check);

  /** One start. */
  public static final List<DraftRule> PREPARATION =
      List.of(Preparation::displays, Preparation::channels, Preparation::vsock);

  private DeviceRules() {}
}
