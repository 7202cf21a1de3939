package launcher.drivers.qemu.cpu;

import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;

/** The CPU of the host as a named model with differences. */
final class HostModel {
  private HostModel() {}

  /**
   * QEMU's own {@code host} (KVM) or {@code max} (TCG), restricted to what can be migrated: it
   * shows the guest what the host has without a table of models.
   */
  static void put(Guest guest, Props out) {
    out.put("model", guest.kvm() ? "host" : "max");
    if (guest.machine().x86()) {
      out.put("migratable", true);
    }
  }
}
