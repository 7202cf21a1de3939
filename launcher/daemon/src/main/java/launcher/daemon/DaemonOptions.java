package launcher.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the daemon's command line says.
 *
 * @param root {@code --root}: all folders lie under it
 * @param detached {@code --detached}: a command started it for a plain user; it makes a session of
 *     its own and says on standard output when it listens
 * @param patience {@code --idle SECONDS}: how long after the last client and guest it leaves
 */
record DaemonOptions(Optional<Path> root, boolean detached, Duration patience) {
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(60);

  /**
   * Reads the words.
   *
   * @throws IllegalArgumentException for a word that is not known
   */
  static DaemonOptions of(List<String> words) {
    Optional<Path> root = Optional.empty();
    boolean detached = false;
    Duration patience = DEFAULT_PATIENCE;
    for (int i = 0; i < words.size(); i++) {
      switch (words.get(i)) {
        case "--root" -> root = Optional.of(Path.of(following(words, i++)).toAbsolutePath());
        case "--idle" -> patience = Duration.ofSeconds(Long.parseLong(following(words, i++)));
        case "--detached" -> detached = true;
        default -> throw new IllegalArgumentException("unknown option '" + words.get(i) + "'");
      }
    }
    return new DaemonOptions(root, detached, patience);
  }

  private static String following(List<String> words, int i) {
    if (i + 1 >= words.size()) {
      throw new IllegalArgumentException("option '" + words.get(i) + "' needs a value");
    }
    return words.get(i + 1);
  }
}
