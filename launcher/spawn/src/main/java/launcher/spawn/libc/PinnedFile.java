package launcher.spawn.libc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jnr.ffi.Pointer;
import launcher.spawn.Errno;
import launcher.spawn.libc.Calls.CallException;

/**
 * One very file, whatever becomes of its name: opened without following a symbolic link anywhere on
 * the way (openat2(2), RESOLVE_NO_SYMLINKS) and without touching a device (O_PATH). What is asked
 * and changed is asked of and changed on it.
 */
public final class PinnedFile implements AutoCloseable {
  private static final int SYS_OPENAT2 = 437;
  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final long O_PATH = 010000000;
  private static final long RESOLVE_NO_SYMLINKS = 0x04;
  private static final int LONGEST_VALUE = 65536;
  private static final int ENODATA = 61;
  private static final LibC C = Native.libc();

  private final Path path;
  private final int descriptor;
  private boolean closed;

  private PinnedFile(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /**
   * Takes hold of a file.
   *
   * @param path absolute, resolved before
   * @throws CallException with ELOOP when a symbolic link is on the way, ENOENT when there is no
   *     such file
   */
  public static PinnedFile open(Path path) throws CallException {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    Pointer text = Native.memory(name.length + 1);
    text.put(0, name, 0, name.length);
    Pointer how = Native.memory(24);
    how.putLong(0, O_PATH | Calls.CLOEXEC);
    how.putLong(16, RESOLVE_NO_SYMLINKS);
    long descriptor = C.syscall(SYS_OPENAT2, AT_FDCWD, text.address(), how.address(), 24);
    if (descriptor < 0) {
      throw Calls.failure("open '" + path + "'", Native.errno());
    }
    return new PinnedFile(path, (int) descriptor);
  }

  /** The name it was opened by. */
  public Path path() {
    return path;
  }

  /** The kernel's own link to it: what is done to this path is done to the file. */
  public Path link() {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  /** An attribute in the words of {@link Files#getAttribute}, such as {@code unix:uid}. */
  public Object attribute(String name) throws IOException {
    return Files.getAttribute(link(), name);
  }

  /** Changes owner and group. */
  public void own(long uid, long gid) throws CallException {
    check("chown", C.fchownat(descriptor, "", (int) uid, (int) gid, AT_EMPTY_PATH));
  }

  /**
   * An extended attribute as text, without the NUL that SELinux ends it with; empty when it has
   * none.
   */
  public Optional<String> extended(String name) throws CallException {
    byte[] value = new byte[LONGEST_VALUE];
    long length = C.getxattr(link().toString(), name, value, value.length);
    if (length < 0) {
      if (Native.errno() == ENODATA || Native.errno() == Errno.EOPNOTSUPP) {
        return Optional.empty();
      }
      throw Calls.failure("read " + name + " of '" + path + "'", Native.errno());
    }
    String text = new String(value, 0, (int) length, StandardCharsets.UTF_8);
    return Optional.of(text.endsWith("\0") ? text.substring(0, text.length() - 1) : text);
  }

  /** Sets an extended attribute. */
  public void extend(String name, String text) throws CallException {
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    check("set " + name, C.setxattr(link().toString(), name, value, value.length, 0));
  }

  /** Removes an extended attribute if it is there. */
  public void unextend(String name) throws CallException {
    if (C.removexattr(link().toString(), name) != 0 && Native.errno() != ENODATA) {
      throw Calls.failure("remove " + name + " of '" + path + "'", Native.errno());
    }
  }

  private void check(String call, int result) throws CallException {
    if (result != 0) {
      throw Calls.failure(call + " of '" + path + "'", Native.errno());
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Calls.close(descriptor);
    }
  }
}
