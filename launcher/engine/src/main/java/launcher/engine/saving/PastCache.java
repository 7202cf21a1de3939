package launcher.engine.saving;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import launcher.engine.store.OpenFile;
import launcher.spawn.libc.Calls;

/**
 * A file that is written past the host's page cache (O_DIRECT of open(2)), so that a large guest's
 * memory does not push out what the other guests need. QEMU writes in pieces of any size, which
 * O_DIRECT refuses, so it writes into a pipe and a thread here writes whole blocks. On a file
 * system without O_DIRECT the same goes through the cache.
 */
final class PastCache implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final long LONGEST_WAIT_SECONDS = 600;
  private static final Optional<OpenOption> DIRECT = direct();

  private final int pipe;
  private final CompletableFuture<Void> written = new CompletableFuture<>();
  private boolean closed;

  /**
   * Begins.
   *
   * @param file is there, and ends where the writing is to begin, on a whole block
   */
  PastCache(Path file) throws IOException {
    int[] ends = Calls.pipe();
    pipe = ends[1];
    FileInputStream reading;
    try {
      reading = new FileInputStream("/proc/self/fd/" + ends[0]);
    } catch (IOException e) {
      Calls.close(ends[1]);
      throw e;
    } finally {
      Calls.close(ends[0]);
    }
    Thread.ofPlatform()
        .daemon()
        .name("past the cache")
        .start(() -> {
          try (reading) {
            copy(reading, file);
            written.complete(null);
          } catch (IOException | RuntimeException e) {
            written.completeExceptionally(e);
          }
        });
  }

  /** Of a file that was made before, in a folder where others may write, too. */
  private static final Set<OpenOption> WRITING =
      Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /** What QEMU is to write to. */
  OpenFile end() {
    return new OpenFile(pipe);
  }

  private static void copy(FileInputStream from, Path file) throws IOException {
    int block = block(file);
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES + block).alignedSlice(block);
    buffer.limit(BUFFER_BYTES);
    byte[] piece = new byte[1 << 16];
    long at = Files.size(file);
    try (FileChannel direct = open(file, at % block == 0);
        FileChannel cached = FileChannel.open(file, WRITING)) {
      int count = from.read(piece, 0, Math.min(piece.length, buffer.remaining()));
      while (count >= 0) {
        buffer.put(piece, 0, count);
        if (!buffer.hasRemaining()) {
          at = write(direct, buffer.flip(), at);
          buffer.clear().limit(BUFFER_BYTES);
        }
        count = from.read(piece, 0, Math.min(piece.length, buffer.remaining()));
      }
      buffer.flip();
      int whole = buffer.limit() / block * block;
      at = write(direct, buffer.duplicate().limit(whole), at);
      write(cached, buffer.position(whole), at); // less than a block
    }
  }

  /** What is read and written at once, and where it may begin, in bytes. */
  static int block(Path file) throws IOException {
    return (int) Math.min(BUFFER_BYTES, Files.getFileStore(file).getBlockSize());
  }

  private static FileChannel open(Path file, boolean aligned) throws IOException {
    return aligned ? open(file, WRITING) : FileChannel.open(file, WRITING);
  }

  /** Past the cache where the file system can. */
  static FileChannel openForReading(Path file) throws IOException {
    return open(file, Set.of(StandardOpenOption.READ));
  }

  private static FileChannel open(Path file, Set<OpenOption> access) throws IOException {
    if (DIRECT.isPresent()) {
      try {
        Set<OpenOption> direct = new HashSet<>(access);
        direct.add(DIRECT.get());
        return FileChannel.open(file, direct);
      } catch (IOException | UnsupportedOperationException without) {
        return FileChannel.open(file, access);
      }
    }
    return FileChannel.open(file, access);
  }

  /**
   * The JDK's option of O_DIRECT, of module jdk.unsupported; by its name, since the compiler warns
   * of it in a way that nothing suppresses.
   */
  private static Optional<OpenOption> direct() {
    try {
      Object[] options = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
      return Arrays.stream(options)
          .filter(option -> option.toString().equals("DIRECT"))
          .map(OpenOption.class::cast)
          .findFirst();
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  private static long write(FileChannel to, ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += to.write(bytes, next);
    }
    return next;
  }

  /**
   * Waits until everything is in the file; QEMU has written all.
   *
   * @throws IOException when it could not be written
   */
  void finish() throws IOException {
    close();
    try {
      written.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException reason ? reason : new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the file takes nothing any more", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Why nothing more could be written, if that is so; the reason for QEMU's broken pipe. */
  void check() throws IOException {
    if (written.isCompletedExceptionally()) {
      finish();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Calls.close(pipe);
    }
  }
}
