package launcher.engine.shutdown;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/**
 * What was done to each guest when the host went down: a journal of JSON lines, each on the disk
 * before the next act begins.
 *
 * <p>A line is written before an act and after it, so that whoever reads the journal after a crash
 * or a power cut knows what was under way. A torn last line was never acted on, and is left out.
 * One line a state; the last line of a guest counts.
 */
public final class SuspendRecord {
  /** How far a guest has come. */
  public enum Stage {
    /** The act is under way. */
    BEGUN,
    /** The act succeeded: the guest is off. */
    DONE,
    /** Nothing helped; the guest runs on until the host ends it. */
    FAILED,
    /** It is being brought back. */
    RESUMING,
    /** It came back, or it is settled that it does not: no later resume touches it. */
    SETTLED
  }

  /**
   * One line.
   *
   * @param uuid which guest
   * @param name its name then
   * @param paused whether it was paused
   * @param persistent whether it was defined
   * @param act what was tried last
   * @param stage how far it came
   */
  public record Entry(
      String uuid, String name, boolean paused, boolean persistent, Act act, Stage stage) {
    static Entry of(Candidate guest, Act act, Stage stage) {
      return new Entry(guest.uuid(), guest.name(), guest.paused(), guest.persistent(), act, stage);
    }

    Entry at(Stage next) {
      return new Entry(uuid, name, paused, persistent, act, next);
    }
  }

  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;

  /**
   * @param folder where the journal lies; made when missing
   */
  public SuspendRecord(Path folder) {
    this.file = folder.resolve("suspended.jsonl");
  }

  /** Adds a line and returns when it is on the disk. */
  synchronized void add(Entry entry) {
    try {
      Files.createDirectories(file.getParent());
      boolean isNew = !Files.exists(file);
      try (FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
        channel.position(endOfLastLine(channel));
        channel.write(ByteBuffer.wrap(line(entry).getBytes(StandardCharsets.UTF_8)));
        channel.truncate(channel.position());
        channel.force(true);
      }
      if (isNew) {
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
          folder.force(true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the record '" + file + "'", e);
    }
  }

  /**
   * The last line of each guest that is not settled, in the order in which the guests were first
   * touched.
   */
  public synchronized List<Entry> pending() {
    Map<String, Entry> last = new LinkedHashMap<>();
    for (Entry entry : entries()) {
      if (entry.stage() == Stage.SETTLED) {
        last.remove(entry.uuid());
      } else {
        last.put(entry.uuid(), entry);
      }
    }
    return new ArrayList<>(last.values());
  }

  /** Forgets everything once nothing is pending; while something is, it stays. */
  synchronized void forgetIfSettled() {
    if (!pending().isEmpty()) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove the record '" + file + "'", e);
    }
  }

  private List<Entry> entries() {
    try {
      List<Entry> entries = new ArrayList<>();
      for (String line : Files.readString(file).split("\n", -1)) {
        parse(line).ifPresent(entries::add);
      }
      return entries;
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the record '" + file + "'", e);
    }
  }

  /** Where the next line goes: over a torn one, if a crash left one. */
  private static long endOfLastLine(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    long end = channel.size();
    while (end > 0) {
      channel.read(one.clear(), end - 1);
      if (one.get(0) == '\n') {
        return end;
      }
      end--;
    }
    return 0;
  }

  private static String line(Entry entry) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json =
        JSON.createGenerator(tools.jackson.core.ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("uuid", entry.uuid());
      json.writeStringProperty("name", entry.name());
      json.writeBooleanProperty("paused", entry.paused());
      json.writeBooleanProperty("persistent", entry.persistent());
      json.writeStringProperty("act", entry.act().word());
      json.writeStringProperty("stage", entry.stage().name());
      json.writeEndObject();
    }
    return text + "\n";
  }

  private static Optional<Entry> parse(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(tools.jackson.core.ObjectReadContext.empty(), line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = json.currentName();
        json.nextToken();
        fields.put(field, json.getString());
      }
      Optional<Act> act = Act.of(fields.getOrDefault("act", ""));
      return act.map(a ->
          new Entry(
              fields.getOrDefault("uuid", ""),
              fields.getOrDefault("name", ""),
              Boolean.parseBoolean(fields.get("paused")),
              Boolean.parseBoolean(fields.get("persistent")),
              a,
              Stage.valueOf(fields.getOrDefault("stage", ""))));
    } catch (JacksonException | IllegalArgumentException _) {
      return Optional.empty(); // torn by a crash in the middle of the write
    }
  }
}
