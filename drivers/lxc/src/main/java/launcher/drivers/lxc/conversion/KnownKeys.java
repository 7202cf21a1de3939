package launcher.drivers.lxc.conversion;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
          "lxc.environment",
          "lxc.console.logfile",
          "lxc.apparmor.profile",
          "lxc.selinux.context",
          "lxc.namespace.share.net",
          "lxc.namespace.share.ipc",
          "lxc.namespace.share.uts");

  /** Every container has these, more or less. */
  private static final Set<String> GIVEN =
      Set.of(
          "lxc.autodev",
          "lxc.pty.max",
          "lxc.log.level",
          "lxc.log.file",
          "lxc.rootfs.backend",
          "lxc.rootfs.mount",
          "lxc.pivotdir",
          "lxc.kmsg",
          "lxc.console.buffer.size",
          "lxc.console.size");

  /** What a container of launcher's has mounted by itself, in the words of that key. */
  private static final Set<String> MOUNTED =
      Set.of("proc", "proc:mixed", "sys", "sys:mixed", "cgroup", "cgroup:mixed");

  /** Options of mounts that are taken over, or mean what is done anyway. */
  private static final Set<String> OPTIONS =
      Set.of(
          "bind", "rbind", "rw", "ro", "defaults", "create=dir", "create=file", "nosuid", "nodev");

  /** What every container may use: null, zero, full, random, urandom, terminals; no other. */
  private static final Pattern USUAL_DEVICES =
      Pattern.compile("a|c\\s+(1:[35789]|5:[012]|136:\\*)\\s+[rwm]{1,3}");

  private KnownKeys() {}

  /** Why a line is left out though its key is known; none when nothing is lost. */
  static Optional<String> loses(String key, String value) {
    if (key.equals("lxc.start.auto") && value.equals("1")) {
      return Optional.of("'lxc.start.auto' is not said in XML: use 'launcher autostart'");
    }
    if (key.equals("lxc.mount.auto")) {
      List<String> others = new ArrayList<>(List.of(value.strip().split("\\s+")));
      others.removeAll(MOUNTED);
      others.remove("");
      return others.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "'" + String.join(" ", others) + "' of 'lxc.mount.auto' cannot be said in XML");
    }
    if (key.matches("lxc\\.cgroup2?\\.devices\\.(allow|deny)")) {
      if (USUAL_DEVICES.matcher(value.strip()).matches()) {
        return Optional.empty();
      }
      return Optional.of("'" + key + "' is not taken over: give devices as <hostdev>");
    }
    return key.equals("lxc.mount.entry") ? mountOptions(value) : Optional.empty();
  }

  private static Optional<String> mountOptions(String value) {
    String[] words = value.strip().split("\\s+");
    List<String> lost =
        words.length < 4
            ? List.of()
            : Stream.of(words[3].split(","))
                .filter(o -> !OPTIONS.contains(o) && !o.startsWith("size="))
                .toList();
    return lost.isEmpty()
        ? Optional.empty()
        : Optional.of("the mount option '" + String.join(",", lost) + "' cannot be said in XML");
  }

  static boolean isLeftOut(String key) {
    boolean link = key.startsWith("lxc.net.") || key.startsWith("lxc.network.");
    return !key.matches("lxc\\.include|lxc\\.cgroup2?\\.devices\\.(allow|deny)")
        && !CONVERTED.contains(key)
        && !GIVEN.contains(key)
        && !link
        && !NativeLimits.isKnown(key);
  }
}
