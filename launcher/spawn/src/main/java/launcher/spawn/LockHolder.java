package launcher.spawn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Who holds a locked file, by what the holder wrote into it: a pid file holds {@code 4711}, a lease
 * file {@code web1 4711}.
 *
 * @param name empty in a pid file
 * @param pid of the holder
 */
public record LockHolder(String name, int pid) {
  private static final int LONGEST = 4096;

  /** Between its lock and its words a holder may have to wait for a processor. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LOOK = Duration.ofMillis(5);

  /**
   * The holder of a file that was just found locked; empty when it does not say. Words of a process
   * that has ended are those of an earlier holder: the present one is about to write its own.
   */
  public static Optional<LockHolder> of(Path file) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Optional<LockHolder> holder = read(file);
    while (holder.filter(LockHolder::lives).isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK.toNanos());
      holder = read(file);
    }
    return holder;
  }

  private boolean lives() {
    return Files.exists(Path.of("/proc/" + pid));
  }

  private static Optional<LockHolder> read(Path file) {
    try (var in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
      int space = text.stripTrailing().lastIndexOf(' ');
      String number = text.substring(space + 1).strip();
      return text.endsWith("\n") && number.matches("[0-9]{1,9}")
          ? Optional.of(
              new LockHolder(text.substring(0, Math.max(space, 0)), Integer.parseInt(number)))
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** {@code held by 'web1' (pid 4711)}. */
  String words() {
    return name.isEmpty() ? "held by process " + pid : "held by '" + name + "' (pid " + pid + ")";
  }
}
