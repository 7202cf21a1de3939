package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.host.QemuHost;

/** Where QEMU and a guest's passt processes meet. */
public final class PasstSockets {
  private PasstSockets() {}

  /** The socket of one card's passt. */
  public static String path(QemuHost host, String guest, String card) {
    return host.folders().passt(guest, card);
  }
}
