package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import launcher.drivers.plan.SocketLabel;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.PinnedFile;

/**
 * Sockets that launcher makes and a confined process takes connections at: with launcher's own
 * label neither that process nor a guest that connects would be allowed to (setsockcreatecon(3)).
 */
public final class SocketLabels {
  private static final Path NEXT_SOCKET = Path.of("/proc/thread-self/attr/sockcreate");

  private SocketLabels() {}

  /**
   * Makes a Unix socket that listens.
   *
   * @return its descriptor, the caller's to close
   */
  public static int listening(Path path, SocketLabel label) throws IOException {
    CompletableFuture<Integer> made = new CompletableFuture<>();
    // the attribute is a thread's: one of its own, so that no other socket ever gets this label
    Thread.ofPlatform().name("labelled socket").start(() -> make(path, label.socket(), made));
    try {
      int socket = made.get();
      try (PinnedFile file = pinned(path)) {
        file.extend("security.selinux", label.file());
        return socket;
      } catch (IOException | RuntimeException e) {
        Calls.close(socket);
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CompletableFuture<Void> unused = made.thenAccept(Calls::close);
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new IOException(String.valueOf(cause.getMessage()), e);
    }
  }

  /** The socket of a name, which no link leads to. */
  public static PinnedFile pinned(Path socket) throws IOException {
    Path folder = socket.resolveSibling("").toRealPath();
    return PinnedFile.open(folder.resolve(String.valueOf(socket.getFileName())));
  }

  private static void make(Path path, String label, CompletableFuture<Integer> made) {
    try {
      Files.writeString(NEXT_SOCKET, label, StandardOpenOption.WRITE);
      made.complete(Calls.listeningSocket(path));
    } catch (IOException | RuntimeException e) {
      made.completeExceptionally(e);
    }
  }
}
