package launcher.engine.isolation;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One engine of the host at a time looks at what a file remembers and changes it: the system's
 * daemon and one under another root may have guests on one file. A lock only root can take, so that
 * nobody else can keep guests from starting. Without root nothing is remembered, and nothing
 * locked.
 */
final class HostLock implements AutoCloseable {
  private static final Path FILE = Path.of("/run/launcher.lock");

  private final @Nullable FileChannel channel;

  private HostLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for it; held for a few system calls. */
  static HostLock take() {
    try {
      FileChannel channel =
          FileChannel.open(
              FILE,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      channel.lock();
      return new HostLock(channel);
    } catch (IOException notRoot) {
      return new HostLock(null);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
