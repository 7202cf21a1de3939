package launcher.spawn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts an executor's report into words; a lock that somebody holds names the holder. */
final class Refusal {
  private static final int LONGEST = 4096;

  private Refusal() {}

  static SpawnException explain(
      CommandSpec command, Path program, ControlSocket.Report report, String object) {
    boolean lock = report.step() == SpawnStep.PID_FILE || report.step() == SpawnStep.LEASE;
    if (lock && report.errno() == Errno.EAGAIN) {
      return new SpawnException(
          report.step(), object, program, report.errno(), heldBy(Path.of(object)));
    }
    if (report.step() == SpawnStep.LANDLOCK && report.errno() == Errno.ENOSYS) {
      return new SpawnException(
          report.step(), object, program, report.errno(), "This kernel has no Landlock");
    }
    if (report.step() == SpawnStep.EXECUTE
        && report.errno() == Errno.ENOENT
        && Files.exists(program)) {
      String reason = "Its interpreter or loader is missing, see the first line of the file or ldd";
      return new SpawnException(report.step(), object, command.program(), report.errno(), reason);
    }
    return new SpawnException(report.step(), object, program, report.errno());
  }

  /** A pid file holds {@code 4711}, a lease file {@code web1 4711}. */
  private static String heldBy(Path file) {
    String[] words = content(file).strip().split(" (?=\\d+$)", 2);
    if (words.length == 2) {
      return "It is held by '" + words[0] + "' (pid " + words[1] + ")";
    }
    return words[0].isEmpty()
        ? "It is held by another process"
        : "It is held by process " + words[0];
  }

  private static String content(Path file) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return "";
    }
  }
}
