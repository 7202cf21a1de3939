package launcher.engine.lease;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import launcher.spawn.LockHolder;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.FileLock;

/**
 * A lease for a guest that runs already: locked here and handed over. The lock is the open file's
 * and not ours, so the guest holds it from the moment it has its descriptor, and nobody else once
 * we have closed ours.
 */
final class LockedFile {
  private static final int READ_WRITE = 2;
  private static final int CREATE = 0100;

  private LockedFile() {}

  /** The name by which the guest keeps the descriptor. */
  static String name(DiskLease lease) {
    return "lease " + lease.file().getFileName();
  }

  /**
   * Locks and hands over.
   *
   * @throws IOException in words that follow the disk's name
   */
  static void lend(DiskLease lease, LeaseHolder holder) throws IOException {
    int descriptor = locked(lease);
    try {
      sign(lease, holder);
      holder.keep(name(lease), descriptor);
    } finally {
      Calls.close(descriptor);
    }
  }

  /**
   * Somebody may have replaced the file between our open and our lock: that lock guards nothing.
   */
  private static int locked(DiskLease lease) throws IOException {
    while (true) {
      int descriptor = Calls.open(lease.file(), READ_WRITE | CREATE, 0600);
      boolean kept = false;
      try {
        if (!Calls.lock(descriptor, lease.shared() ? FileLock.SHARED : FileLock.EXCLUSIVE)) {
          throw new IOException(heldBy(lease.file()));
        }
        kept = same(Path.of("/proc/self/fd/" + descriptor), lease.file());
        if (kept) {
          return descriptor;
        }
      } finally {
        if (!kept) {
          Calls.close(descriptor);
        }
      }
    }
  }

  private static boolean same(Path open, Path named) throws IOException {
    Map<String, Object> ours = Files.readAttributes(open, "unix:dev,ino");
    return Files.exists(named) && ours.equals(Files.readAttributes(named, "unix:dev,ino"));
  }

  /** In one write and in place: the lock is the file's. */
  static void sign(DiskLease lease, LeaseHolder holder) throws IOException {
    byte[] words =
        (holder.guest().replace('\n', ' ') + " " + holder.pid() + "\n")
            .getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel = FileChannel.open(lease.file(), StandardOpenOption.WRITE)) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(words));
    }
  }

  private static String heldBy(Path file) {
    return LockHolder.of(file)
        .map(holder -> "is held by guest '" + holder.name() + "' (pid " + holder.pid() + ")")
        .orElse("is held by another process");
  }
}
