package launcher.drivers.lxc.conversion;

import java.util.Set;

/** Which keys a conversion takes over. */
final class KnownKeys {
  private static final Set<String> CONVERTED =
      Set.of(
          "lxc.uts.name",
          "lxc.arch",
          "lxc.rootfs.path",
          "lxc.rootfs.options",
          "lxc.mount.entry",
          "lxc.mount.fstab",
          "lxc.tty.max",
          "lxc.idmap",
          "lxc.cap.drop",
          "lxc.cap.keep",
          "lxc.init.cmd",
          "lxc.init.uid",
          "lxc.init.gid",
          "lxc.init.cwd",
          "lxc.environment");

  /** Every container has these, more or less. */
  private static final Set<String> GIVEN =
      Set.of("lxc.autodev", "lxc.pty.max", "lxc.mount.auto", "lxc.log.level", "lxc.log.file");

  private KnownKeys() {}

  static boolean isLeftOut(String key) {
    boolean link = key.startsWith("lxc.net.") || key.startsWith("lxc.network.");
    boolean device = key.matches("lxc\\.cgroup2?\\.devices\\.(allow|deny)");
    return !CONVERTED.contains(key)
        && !GIVEN.contains(key)
        && !link
        && !device
        && !NativeLimits.isKnown(key);
  }
}
