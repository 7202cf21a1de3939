package launcher.engine.store;

import java.io.IOException;
import java.nio.file.Path;
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
    int descriptor = Native.libc().open(path.toString(), access.flag | Calls.CLOEXEC, 0);
    if (descriptor < 0) {
      throw Calls.failure("open '" + path + "'", Native.errno());
    }
    if (Native.libc().lseek(descriptor, offset, SEEK_SET) < 0) {
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
