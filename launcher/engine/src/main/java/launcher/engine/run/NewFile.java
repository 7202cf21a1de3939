package launcher.engine.run;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for a file that another process makes (inotify(7)); watches from its birth. */
final class NewFile implements AutoCloseable {
  private final Path file;
  private final WatchService watch;

  NewFile(Path file) throws IOException {
    this.file = file;
    Path folder = file.resolveSibling("");
    watch = folder.getFileSystem().newWatchService();
    folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
  }

  /**
   * Waits until it is there.
   *
   * @param ended the end of the process that makes it: nobody makes it then
   * @return whether it is there
   */
  boolean await(Duration longest, CompletableFuture<?> ended) throws IOException {
    var _ = ended.whenComplete((nothing, failure) -> quietlyClose());
    long end = System.nanoTime() + longest.toNanos();
    try {
      while (!exists()) {
        WatchKey key = watch.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (key == null) {
          return exists();
        }
        key.pollEvents();
        key.reset();
      }
      return !ended.isDone();
    } catch (ClosedWatchServiceException gone) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for '" + file + "'", e);
    }
  }

  private boolean exists() {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private void quietlyClose() {
    try {
      watch.close();
    } catch (IOException nothingToDo) {
      // it is closed as far as it can be
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
