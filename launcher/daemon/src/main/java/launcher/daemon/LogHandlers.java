package launcher.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import launcher.control.Json;
import launcher.engine.Engine;

/**
 * The logs of guests.
 *
 * @param engine the guests
 */
record LogHandlers(Engine engine) implements HandlerFamily {
  /** More of the end of a log than anybody reads in a terminal. */
  private static final int MOST_BYTES = 4 << 20;

  @Override
  public void register(Handlers handlers) {
    handlers.manage("log", this::log);
  }

  private Json log(Call call) throws IOException {
    Path file = engine.guests().get(call.guest()).log();
    Optional<Long> lines = Amounts.count(call.arguments(), "lines", MOST_BYTES);
    String text = end(file);
    return Json.object(
        "file", file.toString(), "text", lines.map(count -> last(text, count)).orElse(text));
  }

  private static String end(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long start = Math.max(0, channel.size() - MOST_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - start));
      while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
        // until the end
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return ""; // it was never started
    }
  }

  private static String last(String text, long count) {
    List<String> lines = text.lines().toList();
    long from = Math.max(0, lines.size() - count);
    return String.join("\n", lines.subList((int) from, lines.size())) + "\n";
  }
}
