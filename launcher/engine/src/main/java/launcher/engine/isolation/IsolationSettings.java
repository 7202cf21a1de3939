package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.engine.lease.SanlockSettings;
import launcher.spawn.Accounts;
import launcher.spawn.Identity;

/**
 * What the administrator of the host decides, in {@code isolation.conf}: lines of {@code name =
 * value}.
 *
 * @param identity whom guests run as; empty for the daemon's own user
 * @param landlock whether guests are kept to their files by Landlock
 * @param landlockNetwork whether Landlock also keeps guests without use for TCP from it; not usual,
 *     because what needs TCP then cannot be plugged in while they run
 * @param selinux whether guests get SELinux labels where the host has SELinux on
 * @param leases {@code ofd}, {@code sanlock}, or {@code none}
 * @param sanlock how leases of that kind are got; empty for the others
 */
public record IsolationSettings(
    Optional<Identity> identity,
    boolean landlock,
    boolean landlockNetwork,
    boolean selinux,
    String leases,
    Optional<SanlockSettings> sanlock) {
  /** The name of the file in the folder of the configuration. */
  public static final String FILE = "isolation.conf";

  private static final List<String> NAMES =
      List.of(
          "user",
          "group",
          "landlock",
          "landlock_network",
          "selinux",
          "leases",
          "sanlock_host_id",
          "sanlock_folder",
          "sanlock_io_timeout",
          "sanlock_run");

  /** Users that distributions make for QEMU, and ours before them; the first that exists. */
  private static final List<String> USERS = List.of("launcher-guest", "qemu", "libvirt-qemu");

  /** Whoever is in it may manage every guest, through the daemon; none of them may be a guest. */
  private static final String MANAGERS = "launcher";

  /** Nothing decided: the daemon's own user. */
  public static IsolationSettings usual() {
    return new IsolationSettings(Optional.empty(), true, false, true, "ofd", Optional.empty());
  }

  /**
   * Reads the file; what it does not say is as usual.
   *
   * @param state where lasting files lie
   * @param system whether this is the host's own daemon: guests then have a user of their own if
   *     there is one
   * @throws EngineException naming file and line when it is not understood
   */
  public static IsolationSettings read(Path configuration, Path state, boolean system) {
    Path file = configuration.resolve(FILE);
    Map<String, String> values = values(file);
    String user = values.getOrDefault("user", system ? usualUser() : "");
    return new IsolationSettings(
        identity(user, values.getOrDefault("group", "")),
        truth(values, "landlock", true),
        truth(values, "landlock_network", false),
        truth(values, "selinux", true),
        values.getOrDefault("leases", "ofd"),
        sanlock(file, values, state));
  }

  /** Whether guests get labels where the host has SELinux on. */
  static boolean selinux(Path configuration) {
    return truth(values(configuration.resolve(FILE)), "selinux", true);
  }

  private static Optional<SanlockSettings> sanlock(
      Path file, Map<String, String> values, Path state) {
    if (!values.getOrDefault("leases", "").equals("sanlock")) {
      return Optional.empty();
    }
    String host = values.get("sanlock_host_id");
    if (host == null) {
      throw new EngineException(
          EngineException.Kind.INVALID,
          file
              + ": 'leases = sanlock' needs 'sanlock_host_id = 1' to 2000, another on every host that shares the storage");
    }
    return Optional.of(
        new SanlockSettings(
            Integer.parseInt(host),
            Path.of(values.getOrDefault("sanlock_folder", state.resolve("sanlock").toString())),
            Integer.parseInt(values.getOrDefault("sanlock_io_timeout", "0")),
            Path.of(values.getOrDefault("sanlock_run", "/run/sanlock"))));
  }

  private static String usualUser() {
    return USERS.stream().filter(user -> Accounts.user(user).isPresent()).findFirst().orElse("");
  }

  private static Map<String, String> values(Path file) {
    Map<String, String> values = new LinkedHashMap<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      String[] pair = text.split("\\s*=\\s*", 2);
      if (pair.length != 2 || !NAMES.contains(pair[0])) {
        throw wrong(file, number, "expected 'name = value' of " + String.join(", ", NAMES));
      }
      check(file, number, pair[0], pair[1]);
      values.put(pair[0], pair[1]);
    }
    return values;
  }

  private static void check(Path file, int number, String name, String value) {
    switch (name) {
      case "landlock", "landlock_network", "selinux" -> {
        if (!List.of("on", "off").contains(value)) {
          throw wrong(file, number, "'" + name + "' is on or off, not '" + value + "'");
        }
      }
      case "leases" -> {
        if (!List.of("ofd", "sanlock", "none").contains(value)) {
          throw wrong(file, number, "'leases' is ofd, sanlock or none, not '" + value + "'");
        }
      }
      case "sanlock_host_id" -> number(file, number, name, value, 1, SanlockSettings.MOST_HOSTS);
      case "sanlock_io_timeout" -> number(file, number, name, value, 1, 3600);
      case "sanlock_folder", "sanlock_run" -> {
        if (!Path.of(value).isAbsolute()) {
          throw wrong(file, number, "'" + name + "' is an absolute path, not '" + value + "'");
        }
      }
      case "user" -> {
        if (Accounts.user(value).isEmpty()) {
          throw wrong(file, number, "there is no user '" + value + "'");
        }
      }
      default -> {
        if (Accounts.group(value).isEmpty()) {
          throw wrong(file, number, "there is no group '" + value + "'");
        }
      }
    }
  }

  private static void number(Path file, int line, String name, String value, int low, int high) {
    if (!value.matches("[0-9]{1,9}")
        || Integer.parseInt(value) < low
        || Integer.parseInt(value) > high) {
      throw wrong(file, line, "'" + name + "' is " + low + " to " + high + ", not '" + value + "'");
    }
  }

  private static EngineException wrong(Path file, int line, String message) {
    return new EngineException(EngineException.Kind.INVALID, file + ":" + line + ": " + message);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "'" + file + "' cannot be read: " + EngineException.reason(e),
          e);
    }
  }

  private static boolean truth(Map<String, String> values, String name, boolean usual) {
    return values.getOrDefault(name, usual ? "on" : "off").equals("on");
  }

  /** A user with its groups, so that the group of /dev/kvm counts. */
  static Optional<Identity> identity(String user, String group) {
    if (user.isEmpty()) {
      return Optional.empty();
    }
    long uid = Accounts.user(user).orElseThrow(() -> unknown("user", user));
    long gid =
        group.isEmpty()
            ? Accounts.ownGroup(user, uid)
            : Accounts.group(group).orElseThrow(() -> unknown("group", group));
    Identity identity = new Identity(uid, gid, Accounts.groupsOf(user, gid));
    refuseManagers(user, identity, Accounts.group(MANAGERS));
    return Optional.of(identity);
  }

  static void refuseManagers(String user, Identity identity, Optional<Long> managers) {
    if (managers.isPresent()
        && (identity.gid() == managers.get() || identity.groups().contains(managers.get()))) {
      throw new EngineException(
          EngineException.Kind.INVALID,
          "guests may not run as '"
              + user
              + "' in the group '"
              + MANAGERS
              + "', whose members manage all guests: give them another user or 'group' in "
              + FILE);
    }
  }

  private static EngineException unknown(String what, String name) {
    return new EngineException(
        EngineException.Kind.INVALID,
        "there is no " + what + " '" + name + "' for guests to run as");
  }
}
