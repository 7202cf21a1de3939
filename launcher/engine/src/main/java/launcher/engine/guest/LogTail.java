package launcher.engine.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a program has written to its log since a moment.
 *
 * @param log the file
 * @param from its size at that moment
 */
record LogTail(Path log, long from) {
  private static final int LONGEST = 4000;

  static LogTail of(Path log) {
    try {
      return new LogTail(log, Files.exists(log) ? Files.size(log) : 0);
    } catch (IOException e) {
      return new LogTail(log, 0);
    }
  }

  /** The words, without blanks around them; empty when there are none or they cannot be read. */
  String read() {
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
      long begin = Math.max(from, channel.size() - LONGEST);
      ByteBuffer words = ByteBuffer.allocate(LONGEST);
      channel.read(words, begin);
      return StandardCharsets.UTF_8.decode(words.flip()).toString().strip();
    } catch (IOException e) {
      return "";
    }
  }
}
