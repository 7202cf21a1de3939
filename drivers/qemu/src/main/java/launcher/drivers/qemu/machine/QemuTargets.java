package launcher.drivers.qemu.machine;

/** Architectures in libvirt's names and QEMU's. */
public final class QemuTargets {
  private QemuTargets() {}

  /** QEMU's target for an architecture. */
  public static String of(String arch) {
    return switch (arch) {
      case "i686" -> "i386";
      case "armv6l", "armv7l" -> "arm";
      case "ppc64le" -> "ppc64";
      default -> arch;
    };
  }
}
