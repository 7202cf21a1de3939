package launcher.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file in which a program says its process id, in decimal. */
public final class PidFile {
  private PidFile() {}

  /** What it says; empty when it is gone, or says no number. */
  public static Optional<Integer> read(Path file) {
    try {
      return Optional.of(Integer.valueOf(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException none) {
      return Optional.empty();
    }
  }
}
