package launcher.schemas.domain;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Where a device is plugged in, as {@code <address>} says it. */
public sealed interface Address {
  /**
   * A PCI function.
   *
   * @param multifunction {@code on} or {@code off}, as written
   * @param zpci the s390 identity of it
   */
  record Pci(
      int domain,
      int bus,
      int slot,
      int function,
      Optional<String> multifunction,
      Optional<Zpci> zpci)
      implements Address {}

  /** An s390 PCI identity. */
  record Zpci(OptionalLong uid, OptionalLong fid) {}

  /** A place on a disk controller. */
  record Drive(int controller, int bus, int target, int unit) implements Address {}

  /** A port of a virtio-serial controller. */
  record VirtioSerial(int controller, int bus, OptionalInt port) implements Address {}

  /** A smartcard slot. */
  record Ccid(int controller, int slot) implements Address {}

  /** A USB port, such as {@code 1.2}; on a host device also the host's bus and device. */
  record Usb(int bus, Optional<String> port, OptionalInt device) implements Address {}

  /** A register of the pSeries virtual bus. */
  record SpaprVio(OptionalLong reg) implements Address {}

  /** An s390 channel device. */
  record Ccw(int cssid, int ssid, int devno) implements Address {}

  /** A virtio transport without bus. */
  record VirtioMmio() implements Address {}

  /** The old s390 bus. */
  record VirtioS390() implements Address {}

  /** An ISA device. */
  record Isa(OptionalInt iobase, OptionalInt irq) implements Address {}

  /** A memory slot. */
  record Dimm(OptionalInt slot, OptionalLong base) implements Address {}

  /** A mediated device's UUID ({@code <source>} of a host device only). */
  record Mdev(String uuid) implements Address {}

  /** Present in the definition, not given to the guest. */
  record Unassigned() implements Address {}
}
