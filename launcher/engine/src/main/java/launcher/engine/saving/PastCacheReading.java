package launcher.engine.saving;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import launcher.engine.store.OpenFile;
import launcher.spawn.libc.Calls;

/**
 * A file that is read past the host's page cache, the way back of {@link PastCache}: a thread reads
 * whole blocks, and QEMU takes them from a pipe in pieces of any size.
 */
final class PastCacheReading implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final int pipe;
  private final CompletableFuture<Void> read = new CompletableFuture<>();

  /**
   * Begins.
   *
   * @param begin in bytes; what is before it is left out
   */
  PastCacheReading(Path file, long begin) throws IOException {
    int[] ends = Calls.pipe();
    pipe = ends[0];
    FileOutputStream writing;
    try {
      writing = new FileOutputStream("/proc/self/fd/" + ends[1]);
    } catch (IOException e) {
      Calls.close(ends[0]);
      throw e;
    } finally {
      Calls.close(ends[1]);
    }
    Thread.ofPlatform()
        .daemon()
        .name("past the cache")
        .start(() -> {
          // closed only after the reason is known: the end of the pipe is what QEMU fails by
          try (writing) {
            copy(file, begin, writing);
            read.complete(null);
          } catch (IOException | RuntimeException e) {
            read.completeExceptionally(e);
          }
        });
  }

  private static void copy(Path file, long begin, FileOutputStream to) throws IOException {
    int block = PastCache.block(file);
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES + block).alignedSlice(block);
    long at = begin / block * block;
    int before = (int) (begin - at);
    try (FileChannel direct = PastCache.openForReading(file);
        FileChannel pipe = to.getChannel()) {
      buffer.clear().limit(BUFFER_BYTES);
      int count = direct.read(buffer, at);
      while (count > 0) {
        at += count;
        buffer.flip().position(Math.min(before, count));
        before = 0;
        while (buffer.hasRemaining()) {
          pipe.write(buffer);
        }
        buffer.clear().limit(BUFFER_BYTES);
        // what is not a whole block is the end of the file
        count = at % block == 0 ? direct.read(buffer, at) : -1;
      }
      if (at < direct.size()) {
        throw new IOException("'" + file + "' cannot be read to its end");
      }
    }
  }

  /** What QEMU is to read from. */
  OpenFile end() {
    return new OpenFile(pipe);
  }

  /** Why the file could not be read, if that is so; the reason for QEMU's early end. */
  void check() throws IOException {
    if (read.isCompletedExceptionally()) {
      try {
        read.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof IOException reason ? reason : new IOException(e.getCause());
      }
    }
  }

  @Override
  public void close() {
    Calls.close(pipe);
  }
}
