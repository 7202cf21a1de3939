package launcher.engine.lease;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The right to use one thing.
 *
 * @param object what it is for, in the user's words: the disk's path, the lease's key
 * @param file whose OFD lock it is on this host
 * @param shared whether others may hold it in the same way
 * @param everywhere what the thing is called on every host: a path that was resolved, a device's
 *     own number
 * @param target where a {@code <lease>} says that its storage lies
 * @param image the disk itself, resolved; empty for a {@code <lease>}
 */
public record DiskLease(
    String object,
    Path file,
    boolean shared,
    String everywhere,
    Optional<Target> target,
    Optional<Path> image) {
  /**
   * The storage of a {@code <lease>}.
   *
   * @param lockspace its lockspace, which somebody else has joined
   * @param key its name
   * @param path of the storage
   * @param offset in bytes
   */
  public record Target(String lockspace, String key, String path, long offset) {}
}
