package launcher.spawn;

import java.nio.file.Path;

/**
 * A file whose OFD lock the program inherits: the right to use what the file stands for. Taken
 * before the program runs a single instruction, given back by the kernel when it ends, whatever the
 * cause.
 *
 * @param path absolute; created with mode 0600 when missing
 * @param shared true for a read lock, which many may hold
 * @param holder who asks, for the words of a refusal; written with the pid into an exclusive
 *     lease's file; one line
 */
public record LeaseFile(Path path, boolean shared, String holder) {
  public LeaseFile {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("The lease file '" + path + "' is not an absolute path");
    }
    Words.refuseNul("path", path.toString());
    Words.refuseNul("lease holder", holder);
    if (holder.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          "The holder of lease '" + path + "' has a name of several lines");
    }
  }
}
