package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.host.QemuHost;

/** Where QEMU and the emulator of a trusted platform module meet. */
public final class TpmSockets {
  private TpmSockets() {}

  /** The socket of a guest's emulator; the host's settings may say another one. */
  public static String path(QemuHost host, String guest) {
    return host.settings()
        .text("swtpmSocket")
        .orElseGet(() -> host.folders().guest(guest) + "/swtpm.sock");
  }
}
