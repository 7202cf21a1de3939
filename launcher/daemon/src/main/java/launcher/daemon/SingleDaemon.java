package launcher.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The lock that lets only one daemon serve a runtime folder. It dies with the process, and a daemon
 * that leaves keeps it until it has gone: the next one waits.
 */
record SingleDaemon(FileChannel file) implements Closeable {

  /** Waits for the lock of that folder. */
  static SingleDaemon in(Path runtime) throws IOException {
    FileChannel file =
        FileChannel.open(
            runtime.resolve("daemon.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    file.lock();
    return new SingleDaemon(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
