package launcher.spawn;

import java.nio.file.Files;
import java.nio.file.Path;

/** Puts an executor's report into words; a lock that somebody holds names the holder. */
final class Refusal {
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
    if (report.step() == SpawnStep.LANDLOCK && report.errno() == Errno.ELOOP) {
      String reason = "A symbolic link has taken its place since it was looked up";
      return new SpawnException(report.step(), object, program, report.errno(), reason);
    }
    if (report.step() == SpawnStep.REGISTER) {
      String reason = Errno.text(report.errno()) + ": does its daemon run?";
      return new SpawnException(report.step(), object, program, report.errno(), reason);
    }
    if (report.step() == SpawnStep.EXECUTE
        && report.errno() == Errno.ENOENT
        && Files.exists(program)) {
      String reason = "Its interpreter or loader is missing, see the first line of the file or ldd";
      return new SpawnException(report.step(), object, command.program(), report.errno(), reason);
    }
    return new SpawnException(report.step(), object, program, report.errno());
  }

  private static String heldBy(Path file) {
    return "It is " + LockHolder.of(file).map(LockHolder::words).orElse("held by another process");
  }
}
