package launcher.spawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jnr.posix.Group;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;

/** Users and groups by name, and this process's own user. */
public final class Accounts {
  /** Loaded at the first look-up: jnr-posix costs a third of a second. */
  private static final class Posix {
    private static final POSIX INSTANCE = POSIXFactory.getNativePOSIX();
  }

  private Accounts() {}

  /** The user this process acts as. */
  public static long ownUid() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException noProc) {
      return Posix.INSTANCE.geteuid();
    }
  }

  /** The id of a user by name or number (getpwnam(3)). */
  public static Optional<Long> user(String nameOrNumber) {
    return number(nameOrNumber)
        .or(() -> Optional.ofNullable(Posix.INSTANCE.getpwnam(nameOrNumber)).map(Passwd::getUID));
  }

  /** The id of a group by name or number (getgrnam(3)). */
  public static Optional<Long> group(String nameOrNumber) {
    return number(nameOrNumber)
        .or(() -> Optional.ofNullable(Posix.INSTANCE.getgrnam(nameOrNumber)).map(Group::getGID));
  }

  /** A user's own group (getpwnam(3), getpwuid(3)); its number when it has no entry. */
  public static long ownGroup(String nameOrNumber, long uid) {
    Passwd entry =
        number(nameOrNumber).isPresent()
            ? Posix.INSTANCE.getpwuid((int) uid)
            : Posix.INSTANCE.getpwnam(nameOrNumber);
    return entry == null ? uid : entry.getGID();
  }

  /** The groups a user is a member of, as /etc/group says, with its own group first. */
  public static List<Long> groupsOf(String user, long gid) {
    try (Stream<String> lines = Files.lines(Path.of("/etc/group"))) {
      List<Long> more =
          lines
              .map(line -> line.split(":", -1))
              .filter(words -> words.length == 4 && List.of(words[3].split(",")).contains(user))
              .map(words -> Long.valueOf(words[2]))
              .toList();
      return Stream.concat(Stream.of(gid), more.stream()).distinct().toList();
    } catch (IOException unreadable) {
      return List.of(gid);
    }
  }

  private static Optional<Long> number(String text) {
    return text.matches("\\d{1,10}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }
}
