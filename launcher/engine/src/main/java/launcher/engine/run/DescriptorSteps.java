package launcher.engine.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import launcher.drivers.plan.DescriptorStep;
import launcher.drivers.plan.SocketLabel;
import launcher.engine.isolation.SocketLabels;
import launcher.engine.store.AtomicFile;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.PinnedFile;

/** Carries out steps that open descriptors. */
final class DescriptorSteps {
  /** sun_path without its final zero, unix(7). */
  private static final int LONGEST_SOCKET_PATH = 107;

  private DescriptorSteps() {}

  static void carryOut(DescriptorStep step, Workspace workspace) throws IOException {
    switch (step) {
      case DescriptorStep.Listen listen -> listen(listen, workspace);
    }
  }

  /** Takes a step back; the descriptor itself went with the workspace. */
  static void undo(DescriptorStep step) throws IOException {
    switch (step) {
      case DescriptorStep.Listen listen -> Files.deleteIfExists(listen.path());
    }
  }

  private static void listen(DescriptorStep.Listen step, Workspace workspace) throws IOException {
    int socket = listen(step.path(), step.permissions(), step.label());
    workspace.provide(step.descriptor(), socket, () -> Calls.close(socket));
  }

  /**
   * Makes a Unix socket that listens, in the place of any older one.
   *
   * @param label where SELinux is on
   * @return its descriptor, the caller's to close
   */
  static int listen(Path path, int permissions, Optional<SocketLabel> label) throws IOException {
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
    int socket =
        label.isPresent() ? SocketLabels.listening(path, label.get()) : Calls.listeningSocket(path);
    try {
      // the folder may be the guest's: what has taken the name since is not touched
      try (PinnedFile file = SocketLabels.pinned(path)) {
        Files.setPosixFilePermissions(file.link(), AtomicFile.permissions(permissions));
      }
      return socket;
    } catch (IOException | RuntimeException e) {
      Calls.close(socket);
      throw e;
    }
  }
}
