package launcher.spawn;

import java.nio.file.Path;

/**
 * A file that names the process and is locked by it as long as it lives: created, locked (an OFD
 * lock, so that it dies with the last holder of the descriptor and not with the spawner) and
 * written before the start returns.
 *
 * @param path absolute; its folder exists
 */
public record PidFile(Path path) {
  public PidFile {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("The pid file '" + path + "' is not an absolute path");
    }
    Words.refuseNul("path", path.toString());
  }
}
