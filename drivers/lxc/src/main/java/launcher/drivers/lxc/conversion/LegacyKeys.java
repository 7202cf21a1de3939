package launcher.drivers.lxc.conversion;

import java.util.Map;

/** Names that keys had before LXC 3 (lxc-update-config(1)). */
final class LegacyKeys {
  private static final Map<String, String> RENAMED =
      Map.ofEntries(
          Map.entry("lxc.utsname", "lxc.uts.name"),
          Map.entry("lxc.rootfs", "lxc.rootfs.path"),
          Map.entry("lxc.mount", "lxc.mount.fstab"),
          Map.entry("lxc.tty", "lxc.tty.max"),
          Map.entry("lxc.pts", "lxc.pty.max"),
          Map.entry("lxc.id_map", "lxc.idmap"),
          Map.entry("lxc.init_cmd", "lxc.init.cmd"),
          Map.entry("lxc.init_uid", "lxc.init.uid"),
          Map.entry("lxc.init_gid", "lxc.init.gid"),
          Map.entry("lxc.aa_profile", "lxc.apparmor.profile"),
          Map.entry("lxc.se_context", "lxc.selinux.context"),
          Map.entry("lxc.aa_allow_incomplete", "lxc.apparmor.allow_incomplete"),
          Map.entry("lxc.seccomp", "lxc.seccomp.profile"),
          Map.entry("lxc.loglevel", "lxc.log.level"),
          Map.entry("lxc.logfile", "lxc.log.file"),
          Map.entry("lxc.syslog", "lxc.log.syslog"),
          Map.entry("lxc.console", "lxc.console.path"),
          Map.entry("lxc.devttydir", "lxc.tty.dir"),
          Map.entry("lxc.haltsignal", "lxc.signal.halt"),
          Map.entry("lxc.rebootsignal", "lxc.signal.reboot"),
          Map.entry("lxc.stopsignal", "lxc.signal.stop"));

  private LegacyKeys() {}

  static String current(String key) {
    if (key.startsWith("lxc.limit.")) {
      return "lxc.prlimit." + key.substring("lxc.limit.".length());
    }
    return RENAMED.getOrDefault(key, key);
  }

  /** The end of a link's key. */
  static String link(String end) {
    return switch (end) {
      case "ipv4" -> "ipv4.address";
      case "ipv6" -> "ipv6.address";
      case "macvlan.mode", "macvlan_mode" -> "macvlan.mode";
      default -> end;
    };
  }
}
