package launcher.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Logger;

/**
 * The lock that lets only one daemon serve a runtime folder. It dies with the process, and a daemon
 * that leaves keeps it until it has gone: the next one waits.
 */
record SingleDaemon(FileChannel file) implements Closeable {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");
  private static final long LOOK_AGAIN_MILLIS = 100;

  /** Waits for the lock of that folder, and says so. */
  static SingleDaemon in(Path runtime) throws IOException {
    FileChannel file = open(runtime);
    if (file.tryLock() == null) {
      LOG.info("another daemon serves '" + runtime + "': this one waits until it has left");
      file.lock();
    }
    return new SingleDaemon(file);
  }

  /**
   * Waits for the lock of that folder, or for the daemon that holds it to answer: the command that
   * began it may have been killed while it came up, and the next command began this one.
   *
   * @param socket where the other one answers; not one that systemd holds, which always does
   * @return empty when another one serves
   */
  static Optional<SingleDaemon> unlessServed(Path runtime, Path socket)
      throws IOException, InterruptedException {
    FileChannel file = open(runtime);
    if (file.tryLock() != null) {
      return Optional.of(new SingleDaemon(file));
    }
    CompletableFuture<SingleDaemon> locked = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            file.lock();
            locked.complete(new SingleDaemon(file));
          } catch (IOException closed) {
            locked.completeExceptionally(closed);
          }
        });
    while (true) {
      try {
        return Optional.of(locked.get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS));
      } catch (TimeoutException held) {
        if (answers(socket)) {
          return Optional.empty();
        }
      } catch (ExecutionException e) {
        throw new IOException("the lock in '" + runtime + "' cannot be had", e.getCause());
      }
    }
  }

  private static FileChannel open(Path runtime) throws IOException {
    return FileChannel.open(
        runtime.resolve("daemon.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static boolean answers(Path socket) {
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (IOException nobody) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
