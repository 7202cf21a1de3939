package launcher.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The end of a file that others write and that may have any length, such as a log. */
public final class FileTail {
  private FileTail() {}

  /**
   * Its last bytes; none when there is no such file.
   *
   * @param most bytes
   */
  public static byte[] of(Path file, int most) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long start = Math.max(0, channel.size() - most);
      // it may grow or be cut off meanwhile: what is there now counts
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, channel.size() - start));
      int count = 0;
      while (bytes.hasRemaining() && count >= 0) {
        count = channel.read(bytes, start + bytes.position());
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    } catch (NoSuchFileException nothingThere) {
      return new byte[0];
    }
  }
}
