package launcher.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import launcher.spawn.Accounts;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Native;

/**
 * A file open in this process, to be passed to QEMU: Java's own channels do not tell their
 * descriptor.
 *
 * @param descriptor of this process
 */
public record OpenFile(int descriptor) implements AutoCloseable {
  private static final int SEEK_SET = 0;

  /** How it is opened (open(2)). */
  public enum Access {
    READ(0),
    WRITE(1),
    READ_WRITE(2);

    private final int flag;

    Access(int flag) {
      this.flag = flag;
    }
  }

  /**
   * Opens a file and goes to a place in it.
   *
   * @param offset in bytes
   */
  public static OpenFile open(Path path, Access access, long offset) throws IOException {
    return open(path, access.flag | Calls.CLOEXEC, offset);
  }

  /**
   * Opens a file that this process has made, to be written to by a guest: nothing that took its
   * place meanwhile, in a folder where somebody else may write, too.
   *
   * @param offset in bytes
   * @throws IOException when it is a link now, has more names, or is another user's
   */
  public static OpenFile openMade(Path path, Access access, long offset) throws IOException {
    OpenFile open = open(path, access.flag | Calls.CLOEXEC | Calls.O_NOFOLLOW, offset);
    try {
      Map<String, Object> found =
          Files.readAttributes(
              Path.of("/proc/self/fd", Integer.toString(open.descriptor())),
              "unix:uid,nlink,isRegularFile");
      if (!Boolean.TRUE.equals(found.get("isRegularFile"))
          || !Objects.equals(found.get("nlink"), 1)
          || !Objects.equals(found.get("uid"), (int) Accounts.ownUid())) {
        throw new IOException("Something else has taken the place of '" + path + "'");
      }
      return open;
    } catch (IOException e) {
      open.close();
      throw e;
    }
  }

  private static OpenFile open(Path path, int flags, long offset) throws IOException {
    int descriptor = Native.libc().open(path.toString(), flags, 0);
    if (descriptor < 0) {
      throw Calls.failure("open '" + path + "'", Native.errno());
    }
    // many a device, such as /dev/sg0, has no places to go to, and it stands at the first anyway
    if (offset != 0 && Native.libc().lseek(descriptor, offset, SEEK_SET) < 0) {
      IOException failed = Calls.failure("lseek '" + path + "'", Native.errno());
      Calls.close(descriptor);
      throw failed;
    }
    return new OpenFile(descriptor);
  }

  @Override
  public void close() {
    Calls.close(descriptor);
  }
}
