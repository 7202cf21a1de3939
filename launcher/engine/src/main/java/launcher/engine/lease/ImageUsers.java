package launcher.engine.lease;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.CallException;

/**
 * Who uses a disk without a lease of ours: a guest of another daemon's, or of libvirt's. QEMU locks
 * the images it has open (QEMU's docs/system/images.rst, "Disk image file locking"): one byte for
 * each thing it does, and one for each that it does not let others do.
 */
public final class ImageUsers {
  /** Block/file-posix.c: bytes from 100 on for what is done, from 200 on for what is not shared. */
  private static final int WRITES = 101;

  private static final int REFUSES_WRITERS = 201;

  private static final Pattern NAME = Pattern.compile("\0-name\0(?:guest=)?((?:[^,\0]|,,)*)");

  private ImageUsers() {}

  /**
   * Refuses a disk that a program of somebody else's has open, as QEMU would.
   *
   * @param shared whether we share it with other writers
   * @param own process that may have it
   * @throws IOException in words that follow the disk's name
   */
  public static void refuse(Path image, boolean shared, int own) throws IOException {
    if (!isUsed(image, shared)) {
      return;
    }
    Optional<Integer> guest = user(image, pid -> pid != own && name(pid).isPresent());
    if (guest.isPresent()) {
      throw new IOException("is held by " + words(guest.get()));
    }
    Optional<Integer> other =
        user(image, pid -> pid == own).isPresent() ? Optional.empty() : user(image, _ -> true);
    if (other.isPresent()) {
      throw new IOException(
          "is locked by a program that is no guest, most likely "
              + program(other.get())
              + ": end that; whoever may read an image can lock it, so let nobody else read it (chmod go-r)");
    }
    // its own, or one that we may not look into: QEMU has the last word
  }

  private static boolean isUsed(Path image, boolean shared) throws IOException {
    int descriptor;
    try {
      descriptor = Calls.open(image, 0, 0);
    } catch (CallException unreadable) {
      return false;
    }
    try {
      return Calls.isLocked(descriptor, REFUSES_WRITERS, 1)
          || !shared && Calls.isLocked(descriptor, WRITES, 1);
    } catch (CallException noLocksHere) {
      return false;
    } finally {
      Calls.close(descriptor);
    }
  }

  private static Optional<Integer> user(Path image, IntPredicate which) throws IOException {
    Map<String, Object> wanted = Files.readAttributes(image, "unix:dev,ino");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        int pid = Integer.parseInt(String.valueOf(process.getFileName()));
        if (which.test(pid) && has(process, wanted)) {
          return Optional.of(pid);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean has(Path process, Map<String, Object> wanted) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : all) {
        if (Files.exists(descriptor)
            && Files.readAttributes(descriptor, "unix:dev,ino").equals(wanted)) {
          return true;
        }
      }
      return false;
    } catch (IOException endedOrForeign) {
      return false;
    }
  }

  private static String words(int pid) {
    return "guest '" + printable(name(pid).orElse("?")) + "' (pid " + pid + ")";
  }

  private static String program(int pid) {
    String name = "?";
    try {
      name = Files.readString(Path.of("/proc", Integer.toString(pid), "comm")).strip();
    } catch (IOException ended) {
      // it is named by its number
    }
    return "'" + printable(name) + "' (pid " + pid + ")";
  }

  /** Whoever it is chose the name, which is shown on a terminal of somebody else's. */
  private static String printable(String name) {
    return name.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}]", "?");
  }

  /** What QEMU's {@code -name} says, whoever started it. */
  private static Optional<String> name(int pid) {
    try {
      String words =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
      Matcher name = NAME.matcher(words);
      return name.find() ? Optional.of(name.group(1).replace(",,", ",")) : Optional.empty();
    } catch (IOException ended) {
      return Optional.empty();
    }
  }
}
