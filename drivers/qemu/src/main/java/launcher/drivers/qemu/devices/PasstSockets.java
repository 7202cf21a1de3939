package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.host.QemuHost;

/** Where QEMU and a guest's passt processes meet. */
public final class PasstSockets {
  private PasstSockets() {}

  /** The socket of one card's passt. */
  public static String path(QemuHost host, String guest, String card) {
    return host.folders().run() + "/passt/-1-" + guest.replace('/', '_') + "-" + card + ".socket";
  }
}
