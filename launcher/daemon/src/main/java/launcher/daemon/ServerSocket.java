package launcher.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import launcher.spawn.libc.Native;
import launcher.spawn.libc.PinnedFile;

/**
 * The listening socket: the service manager's when it passed one (sd_listen_fds(3)), else our own.
 *
 * @param channel the socket
 * @param own the path of our own socket file, which is ours to remove; empty path for systemd's
 */
record ServerSocket(UnixServerSocketChannel channel, Path own) {
  private static final int FIRST_PASSED_DESCRIPTOR = 3; // SD_LISTEN_FDS_START

  /** Linux keeps a terminating zero in the 108 bytes of sun_path (unix(7)). */
  private static final int LONGEST_PATH = 107;

  private static final int BACKLOG = 512;

  /** The passed socket, or a new one at that path that anybody may connect to. */
  static ServerSocket open(Path path, Map<String, String> environment) throws IOException {
    UnixServerSocketChannel channel = UnixServerSocketChannel.open();
    if (isPassed(environment)) {
      // jnr-unixsocket cannot adopt a listening descriptor: ours becomes a duplicate of it.
      if (Native.libc().dup2(FIRST_PASSED_DESCRIPTOR, channel.getFD()) < 0) {
        throw new IOException("dup2(2) of systemd's socket failed, errno " + Native.errno());
      }
      return new ServerSocket(channel, Path.of(""));
    }
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new IOException(
          "the socket's path '"
              + path
              + "' is longer than "
              + LONGEST_PATH
              + " bytes: choose a shorter --root");
    }
    Files.deleteIfExists(path);
    bind(channel, path);
    // Who may do what is decided by peer credentials, so that a refusal can say why and be logged.
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    return new ServerSocket(channel, path);
  }

  private static void bind(UnixServerSocketChannel channel, Path path) throws IOException {
    if (StandardCharsets.US_ASCII.newEncoder().canEncode(path.toString())) {
      channel.socket().bind(new UnixSocketAddress(path.toFile()), BACKLOG);
      return;
    }
    // jnr-unixsocket 0.39.6 writes a path in ASCII only: by the folder's descriptor instead.
    Path parent = path.toAbsolutePath().resolveSibling("").toRealPath();
    try (PinnedFile folder = PinnedFile.open(parent)) {
      Path reached = folder.link().resolve(String.valueOf(path.getFileName()));
      channel.socket().bind(new UnixSocketAddress(reached.toFile()), BACKLOG);
    }
  }

  private static boolean isPassed(Map<String, String> environment) {
    return environment
            .getOrDefault("LISTEN_PID", "")
            .equals(Long.toString(ProcessHandle.current().pid()))
        && environment.getOrDefault("LISTEN_FDS", "").equals("1");
  }

  /** Removes our own socket file; systemd's stays and keeps listening. */
  void forget() throws IOException {
    if (!own.toString().isEmpty()) {
      Files.deleteIfExists(own);
    }
  }
}
