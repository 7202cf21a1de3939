package launcher.drivers.qemu.address;

import java.util.List;
import launcher.drivers.qemu.draft.DraftRule;

/** The rules of this package, in the order of the pipeline's sections. */
public final class AddressRules {
  /** Numbers and order of what the user wrote, before anything looks devices up. */
  public static final List<DraftRule> FIRST =
      List.of(
          Aliases::dropForeign,
          DeviceDefaults::complete,
          draft -> ControllerIndexes.complete(draft.devices()),
          AddressRefusals::checkModels,
          DiskOrder::complete,
          DriveAddresses::completeDisks,
          DriveAddresses::completeHostDevices);

  /** Addresses, once all devices are there. */
  public static final List<DraftRule> ADDRESSES =
      List.of(
          SerialPorts::complete,
          SpaprVioAddresses::complete,
          VirtioTransports::complete,
          PciAddresses::complete,
          PciAddresses::normalize,
          ZpciIdentities::complete,
          MemorySlots::complete);

  /** Controllers and addresses that cannot be. */
  public static final List<DraftRule> REFUSALS =
      List.of(AddressRefusals::check, AddressTypeRefusals::check, ZpciRefusals::check);

  /** USB ports and the ids of devices, which are given anew at each start. */
  public static final List<DraftRule> PREPARATION = List.of(UsbPorts::complete, Aliases::give);

  private AddressRules() {}
}
