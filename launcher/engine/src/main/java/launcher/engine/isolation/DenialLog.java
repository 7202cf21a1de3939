package launcher.engine.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import launcher.spawn.libc.Calls;

/** SELinux's own words of a refusal: from the audit daemon's log, else from the kernel's. */
final class DenialLog {
  private static final Path AUDIT = Path.of("/var/log/audit/audit.log");
  private static final Path KERNEL = Path.of("/dev/kmsg");
  private static final int LONGEST = 8192;

  private DenialLog() {}

  /** The last one about a file of that name. */
  static Optional<String> last(String name) {
    String wanted = "name=\"" + name + "\"";
    return audit(wanted).or(() -> kernel(wanted));
  }

  private static Optional<String> audit(String wanted) {
    try (Stream<String> lines = Files.lines(AUDIT)) {
      return lines
          .filter(line -> isDenial(line, wanted))
          .reduce((first, last) -> last)
          .map(DenialLog::words);
    } catch (IOException | UncheckedIOException unreadable) {
      return Optional.empty();
    }
  }

  /** One record a read, and EAGAIN at the end (dev-kmsg). */
  private static Optional<String> kernel(String wanted) {
    Optional<String> found = Optional.empty();
    int log = -1;
    byte[] record = new byte[LONGEST];
    try {
      log = Calls.open(KERNEL, 0, 0);
      while (true) {
        int length = Calls.read(log, record, record.length);
        String line = new String(record, 0, length, StandardCharsets.UTF_8);
        if (isDenial(line, wanted)) {
          found = Optional.of(words(line));
        }
      }
    } catch (IOException end) {
      return found;
    } finally {
      Calls.close(log);
    }
  }

  private static boolean isDenial(String line, String wanted) {
    return line.contains("avc:  denied") && line.contains(wanted);
  }

  private static String words(String line) {
    return line.substring(line.indexOf("avc:")).strip();
  }
}
