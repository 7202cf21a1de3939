package launcher.engine.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.drivers.plan.DescriptorStep;
import launcher.engine.store.AtomicFile;
import launcher.spawn.libc.Calls;

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
    int socket = listen(path, permissions);
    workspace.provide(name, socket, () -> Calls.close(socket));
  }

  /**
   * Makes a Unix socket that listens, in the place of any older one.
   *
   * @return its descriptor, the caller's to close
   */
  static int listen(Path path, int permissions) throws IOException {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_SOCKET_PATH) {
      throw new IOException(
          "a socket's path has at most "
              + LONGEST_SOCKET_PATH
              + " bytes, this one "
              + length
              + ": choose a shorter runtime folder");
    }
    Files.deleteIfExists(path);
    int socket = Calls.listeningSocket(path);
    try {
      Files.setPosixFilePermissions(path, AtomicFile.permissions(permissions));
      return socket;
    } catch (IOException | RuntimeException e) {
      Calls.close(socket);
      throw e;
    }
  }
}
