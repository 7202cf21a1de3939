package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;

/** Notices when dnsmasq has written leases. Started by the networks, it watches one folder. */
final class LeaseWatch implements AutoCloseable {
  /** dnsmasq empties the file and fills it again: what is read between would be nothing. */
  private static final long QUIET_MILLISECONDS = 60;

  private final WatchService watch;

  /** Watches a folder that exists and runs {@code changed} after each burst of changes in it. */
  LeaseWatch(Path folder, Runnable changed) {
    try {
      watch = folder.getFileSystem().newWatchService();
      folder.register(
          watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot watch '" + folder + "'", e);
    }
    Thread.ofPlatform().daemon().name("launcher-leases").start(() -> run(changed));
  }

  private void run(Runnable changed) {
    try {
      while (true) {
        WatchKey key = watch.take();
        while (key != null) {
          key.pollEvents();
          key.reset();
          key = watch.poll(QUIET_MILLISECONDS, TimeUnit.MILLISECONDS);
        }
        changed.run();
      }
    } catch (InterruptedException | ClosedWatchServiceException over) {
      return;
    }
  }

  @Override
  public void close() {
    try {
      watch.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot end the watch of leases", e);
    }
  }
}
