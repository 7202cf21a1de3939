package launcher.spawn;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The process makes itself known to a daemon before it runs its program: it connects to the
 * daemon's socket with the rights of the spawner and with its own pid, says one thing and waits for
 * one answer. The program inherits the connection, whose end tells the daemon of its death.
 *
 * @param socket absolute path of a Unix stream socket, at most 107 bytes (unix(7))
 * @param saying at most 64 bytes
 * @param hearing the only answer that is not a refusal, at most 64 bytes; empty for none
 */
public record Registration(Path socket, Bytes saying, Bytes hearing) {
  /** The most bytes of either side. */
  public static final int LONGEST = 64;

  private static final int LONGEST_PATH = 107;

  public Registration {
    Words.refuseNul("path", socket.toString());
    if (!socket.isAbsolute()
        || socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new IllegalArgumentException(
          "The socket '"
              + socket
              + "' is not an absolute path of at most "
              + LONGEST_PATH
              + " bytes");
    }
    if (saying.size() > LONGEST || hearing.size() > LONGEST) {
      throw new IllegalArgumentException(
          "A registration says and hears at most " + LONGEST + " bytes");
    }
  }
}
