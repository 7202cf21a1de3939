package launcher.engine.qmp;

import java.io.IOException;
import java.nio.file.Path;
import launcher.spawn.Errno;
import launcher.spawn.libc.Calls.CallException;
import launcher.spawn.libc.PinnedFile;

/**
 * A socket in a folder that its guest may write in: who has taken the guest over could put a
 * symbolic link to another guest's socket in its place, and we would speak to the wrong one.
 */
public final class GuestSocket {
  private GuestSocket() {}

  /**
   * Takes hold of it; to be connected to by {@link PinnedFile#link}.
   *
   * @throws IOException when it is not there, or a symbolic link
   */
  public static PinnedFile open(Path socket) throws IOException {
    try {
      Path folder = socket.resolveSibling("").toRealPath();
      return PinnedFile.open(folder.resolve(String.valueOf(socket.getFileName())));
    } catch (CallException e) {
      if (e.errno() == Errno.ELOOP) {
        throw new IOException(
            "'" + socket + "' has become a symbolic link, which is not followed", e);
      }
      throw e;
    }
  }
}
