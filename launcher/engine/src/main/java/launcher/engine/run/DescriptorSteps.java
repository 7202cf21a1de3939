package launcher.engine.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import launcher.drivers.plan.DescriptorStep;
import launcher.engine.store.AtomicFile;

/** Carries out steps that open descriptors. */
final class DescriptorSteps {
  /** sun_path without its final zero, unix(7). */
  private static final int LONGEST_SOCKET_PATH = 107;

  private DescriptorSteps() {}

  static void carryOut(DescriptorStep step, Workspace workspace) throws IOException {
    switch (step) {
      case DescriptorStep.Listen(String descriptor, Path path, int permissions) ->
          listen(descriptor, path, permissions, workspace);
    }
  }

  /** Takes a step back; the descriptor itself went with the workspace. */
  static void undo(DescriptorStep step) throws IOException {
    switch (step) {
      case DescriptorStep.Listen(String descriptor, Path path, int permissions) ->
          Files.deleteIfExists(path);
    }
  }

  private static void listen(String name, Path path, int permissions, Workspace workspace)
      throws IOException {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_SOCKET_PATH) {
      throw new IOException(
          "a socket's path has at most " + LONGEST_SOCKET_PATH + " bytes, this one " + length
              + ": choose a shorter runtime folder");
    }
    Files.deleteIfExists(path);
    UnixServerSocketChannel channel = UnixServerSocketChannel.open();
    try {
      channel.configureBlocking(true);
      channel.socket().bind(new UnixSocketAddress(path.toFile()));
      Files.setPosixFilePermissions(path, AtomicFile.permissions(permissions));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    workspace.provide(name, channel.getFD(), () -> close(channel));
  }

  private static void close(UnixServerSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // close(2) lets go of the descriptor whatever it returns
      return;
    }
  }
}
