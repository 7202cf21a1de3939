package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.command.Guest;

/** What VNC and SPICE have in common. */
final class DisplayServers {
  private DisplayServers() {}

  /**
   * The address a server listens at where the XML does not say.
   *
   * @param type {@code vnc} or {@code spice}
   */
  static String listenAddress(Guest guest, String type) {
    return guest.host().settings().text(type + "Listen").orElse("127.0.0.1");
  }
}
