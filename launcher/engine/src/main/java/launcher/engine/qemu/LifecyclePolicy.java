package launcher.engine.qemu;

import launcher.schemas.XmlElement;

/**
 * What happens when a guest powers itself off, boots anew or crashes (libvirt formatdomain, events
 * configuration).
 *
 * @param onPoweroff {@code destroy}, {@code restart}, {@code preserve} or {@code rename-restart}
 * @param onReboot the same
 * @param onCrash the same, or {@code coredump-destroy}, {@code coredump-restart}
 * @param watchdog what a watchdog that barks does, such as {@code reset}
 */
record LifecyclePolicy(String onPoweroff, String onReboot, String onCrash, String watchdog) {
  static LifecyclePolicy of(XmlElement domain) {
    return new LifecyclePolicy(
        domain.value("on_poweroff", "destroy"),
        domain.value("on_reboot", "restart"),
        domain.value("on_crash", "destroy"),
        domain.value("devices/watchdog/@action", "reset"));
  }

  /** Whether QEMU ends by itself when the guest powers off, so that nobody need be there. */
  boolean endsAtPoweroff() {
    return onPoweroff.equals("destroy");
  }

  /** Whether a power-off becomes a new boot; renaming is Xen's affair. */
  boolean restartsAtPoweroff() {
    return onPoweroff.equals("restart") || onPoweroff.equals("rename-restart");
  }

  /** Whether a crash becomes a new boot. */
  boolean restartsAtCrash() {
    return onCrash.equals("restart")
        || onCrash.equals("rename-restart")
        || onCrash.equals("coredump-restart");
  }

  /** Whether a crash ends the guest. */
  boolean endsAtCrash() {
    return onCrash.equals("destroy") || onCrash.equals("coredump-destroy");
  }

  /** Whether a reset by the guest itself becomes its end. */
  boolean endsAtReboot() {
    return onReboot.equals("destroy");
  }

  /** Whether a barking watchdog leaves the guest's memory in a file, and lets it go on. */
  boolean dumpsAtWatchdog() {
    return watchdog.equals("dump");
  }

  /** Whether a crash leaves the guest's memory in a file. */
  boolean dumpsAtCrash() {
    return onCrash.startsWith("coredump-");
  }
}
