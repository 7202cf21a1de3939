package launcher.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a process has used of the processors. */
final class ProcessorTime {
  /** Of the clock ticks in /proc: USER_HZ is 100 on every architecture (time(7)). */
  private static final long NANOSECONDS_PER_TICK = 10_000_000;

  /** Fields 14 and 15 of proc_pid_stat(5), counted from the one after the name in parentheses. */
  private static final int USER_TIME = 11;

  private ProcessorTime() {}

  /** User and system time in nanoseconds; empty when the process has ended. */
  static Optional<Long> ofProcess(int pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
      return Optional.of(ticks * NANOSECONDS_PER_TICK);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
