package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.spawn.Errno;
import launcher.spawn.libc.Calls.CallException;
import launcher.spawn.libc.PinnedFile;

/**
 * What a file was before guests came, and which of them use it: kept in an extended attribute of
 * the file itself, so that it outlives every daemon and moves with the file. The first user stores
 * the original, the last one's end brings it back.
 */
final class FileMemory {
  /** One thing of a file that can be changed. */
  interface Property {
    /** The attribute that remembers it; of the trusted kind, which only root sees (xattr(7)). */
    String memory();

    /** What it is now. */
    String read(PinnedFile file) throws IOException;

    /** Changes it. */
    void write(PinnedFile file, String value) throws IOException;
  }

  private record Remembered(String boot, String original, String wanted, List<String> users) {
    private static Remembered parse(String text) {
      List<String> lines = List.of(text.split("\n", -1));
      return new Remembered(
          lines.get(0), lines.get(1), lines.get(2), List.copyOf(lines.subList(3, lines.size())));
    }

    private String text() {
      List<String> lines = new ArrayList<>(List.of(boot, original, wanted));
      lines.addAll(users);
      return String.join("\n", lines);
    }

    private Remembered with(List<String> now) {
      return new Remembered(boot, original, wanted, List.copyOf(now));
    }
  }

  private static final Object LOCK = new Object();
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private FileMemory() {}

  /**
   * Gives the file to a guest.
   *
   * @throws IOException when another guest that runs wants it otherwise, or it cannot be changed
   */
  static void acquire(PinnedFile file, Property property, String wanted, String user)
      throws IOException {
    synchronized (LOCK) {
      try (var _ = HostLock.take()) {
        give(file, property, wanted, user);
      }
    }
  }

  private static void give(PinnedFile file, Property property, String wanted, String user)
      throws IOException {
    Optional<Remembered> known = remembered(file, property);
    if (known.isEmpty()) {
      Remembered first = new Remembered(boot(), property.read(file), wanted, List.of(user));
      if (remember(file, property, first)) {
        change(file, property, wanted);
      }
      return;
    }
    Remembered before = known.get();
    List<String> others = before.users().stream().filter(other -> !other.equals(user)).toList();
    if (!others.isEmpty() && !before.wanted().equals(wanted)) {
      throw new IOException(
          "It is used by guest "
              + others.getFirst()
              + " with '"
              + before.wanted()
              + "', this one needs '"
              + wanted
              + "'");
    }
    List<String> users = new ArrayList<>(others);
    users.add(user);
    remember(file, property, new Remembered(boot(), before.original(), wanted, users));
    change(file, property, wanted);
  }

  /** Takes it back; the last one restores what was. */
  static void release(PinnedFile file, Property property, String user) throws IOException {
    synchronized (LOCK) {
      try (var _ = HostLock.take()) {
        take(file, property, user);
      }
    }
  }

  private static void take(PinnedFile file, Property property, String user) throws IOException {
    Optional<Remembered> known = remembered(file, property);
    if (known.isEmpty() || !known.get().users().contains(user)) {
      return;
    }
    List<String> others =
        known.get().users().stream().filter(other -> !other.equals(user)).toList();
    if (others.isEmpty()) {
      change(file, property, known.get().original());
      file.unextend(property.memory());
    } else {
      remember(file, property, known.get().with(others));
    }
  }

  /**
   * A memory of an earlier boot keeps its original and forgets its users: none of them runs any
   * more.
   */
  private static Optional<Remembered> remembered(PinnedFile file, Property property)
      throws IOException {
    Optional<Remembered> found = file.extended(property.memory()).map(Remembered::parse);
    String now = boot();
    return found.map(known -> known.boot().equals(now) ? known : known.with(List.of()));
  }

  /** Where nothing can be remembered nothing is changed: it could never be put back. */
  private static boolean remember(PinnedFile file, Property property, Remembered what)
      throws IOException {
    try {
      file.extend(property.memory(), what.text());
      return true;
    } catch (CallException refused) {
      if (isOfTheFileSystem(refused)) {
        return false;
      }
      throw refused;
    }
  }

  /**
   * Network and read-only file systems have owners of their own: the guest may well be able to use
   * the file.
   */
  private static void change(PinnedFile file, Property property, String value) throws IOException {
    try {
      property.write(file, value);
    } catch (CallException refused) {
      if (!isOfTheFileSystem(refused)) {
        throw refused;
      }
    }
  }

  private static boolean isOfTheFileSystem(CallException refused) {
    return refused.errno() == Errno.EOPNOTSUPP
        || refused.errno() == Errno.EROFS
        || refused.errno() == Errno.EPERM;
  }

  private static String boot() throws IOException {
    return Files.readString(BOOT_ID).strip();
  }
}
