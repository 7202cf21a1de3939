package launcher.drivers.qemu.address;

import java.util.List;
import launcher.drivers.qemu.draft.DraftRule;

/** The rules of this package, in the order of the pipeline's sections. */
public final class AddressRules {
  /** Numbers and order of what the user wrote, before anything looks devices up. */
  public static final List<DraftRule> FIRST =
      List.of(
          Aliases::dropForeign,
          draft -> ControllerIndexes.complete(draft.devices()),
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
          UsbPorts::complete,
          MemorySlots::complete);

  /** The ids of devices for one start. */
  public static final List<DraftRule> PREPARATION = List.of(Aliases::give);

  private AddressRules() {}
}
