package launcher.engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the kernel says of a process (proc(5), {@code stat}).
 *
 * @param pid its id
 * @param birth start time in clock ticks since boot: with the pid it names the process for ever
 * @param state one letter: R, S, D, T (stopped), Z (ended, not yet reaped) …
 * @param ticks processor time used so far, in clock ticks
 */
public record ProcessIdentity(int pid, long birth, char state, long ticks) {
  /** USER_HZ, which is the same on every architecture that QEMU's guests are run on (time(7)). */
  private static final long TICKS_PER_SECOND = 100;

  /** What the kernel says now; empty when there is no such process. */
  public static Optional<ProcessIdentity> of(int pid) {
    try {
      String[] fields = fields(Path.of("/proc/" + pid + "/stat"));
      return Optional.of(
          new ProcessIdentity(
              pid,
              Long.parseLong(fields[19]),
              fields[0].charAt(0),
              Long.parseLong(fields[11]) + Long.parseLong(fields[12])));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /**
   * The fields of a process's or thread's {@code stat} from the third on; the second is a name in
   * parentheses that may hold blanks and parentheses.
   *
   * @throws IOException when it has ended
   */
  public static String[] fields(Path stat) throws IOException {
    String text = Files.readString(stat);
    return text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
  }

  /** Whether a process of that id and birth runs; one that has ended and is not reaped does not. */
  public static boolean runs(int pid, long birth) {
    return of(pid)
        .filter(found -> found.birth() == birth && found.state() != 'Z' && found.state() != 'X')
        .isPresent();
  }

  /**
   * How long ago a process was born, whether it still is or not (proc(5), {@code uptime}).
   *
   * @param birth as above; 0 where it is not known, and then neither is this
   */
  public static Optional<Duration> age(long birth) {
    if (birth == 0) {
      return Optional.empty();
    }
    try {
      String seconds = Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0];
      long now = Math.round(Double.parseDouble(seconds) * TICKS_PER_SECOND);
      return Optional.of(Duration.ofMillis((now - birth) * 1000 / TICKS_PER_SECOND));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether somebody has stopped it, as with SIGSTOP. */
  public boolean stopped() {
    return state == 'T' || state == 't';
  }
}
