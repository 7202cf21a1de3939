package launcher.engine.shutdown;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.engine.EngineException;
import launcher.engine.store.AtomicFile;
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
    /** It ran when the host went down; nothing was done to it yet. */
    PLANNED,
    /** The act is under way. */
    BEGUN,
    /** The act succeeded: the guest is off. */
    DONE,
    /** Nothing helped; the guest runs on until the host ends it. */
    FAILED,
    /** It is being brought back. */
    RESUMING,
    /** It came back; others are still to come. */
    BACK,
    /**
     * It came back with all others, or it is settled that it does not: no later resume touches it.
     */
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
   * @param session in which boot of the host, see {@link HostSession}
   */
  public record Entry(
      String uuid,
      String name,
      boolean paused,
      boolean persistent,
      Act act,
      Stage stage,
      String session) {
    static Entry of(Candidate guest, Act act, Stage stage, String session) {
      return new Entry(
          guest.uuid(), guest.name(), guest.paused(), guest.persistent(), act, stage, session);
    }

    Entry at(Stage next, String now) {
      return new Entry(uuid, name, paused, persistent, act, next, now);
    }
  }

  /** Room for some hundred guests' lines on a disk that is full. */
  private static final int RESERVE_BYTES = 256 << 10;

  private static final JsonFactory JSON = new JsonFactory();
  private static final Logger LOG = Logger.getLogger("launcher.engine");

  private final Path folder;
  private final Path file;
  private final Path reserve;

  /**
   * @param folder where the journal lies; made when missing
   */
  public SuspendRecord(Path folder) {
    this.folder = folder;
    this.file = folder.resolve("suspended.jsonl");
    this.reserve = folder.resolve("reserve");
  }

  /**
   * Sets room aside, so that a disk that the saved guests have filled still takes the lines about
   * them. A disk that has no room now is told of when it is needed.
   */
  public synchronized void reserve() {
    try {
      if (!Files.exists(reserve)) {
        AtomicFile.folder(folder, 0700);
        byte[] noHole = new byte[RESERVE_BYTES];
        Arrays.fill(noHole, (byte) '\n');
        AtomicFile.write(reserve, noHole, 0600);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "no room was set aside for '" + file + "', ignoring", e);
    }
  }

  /** Adds a line and returns when it is on the disk. */
  void add(Entry entry) {
    add(List.of(entry));
  }

  /** Adds lines, all or none, and returns when they are on the disk. */
  synchronized void add(List<Entry> entries) {
    StringBuilder lines = new StringBuilder();
    entries.forEach(entry -> lines.append(line(entry)));
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    try {
      try {
        append(bytes);
      } catch (IOException full) {
        if (!Files.deleteIfExists(reserve)) {
          throw full;
        }
        append(bytes);
      }
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "Cannot write the record '" + file + "': " + e.getMessage(),
          e);
    }
  }

  private void append(byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    boolean isNew = !Files.exists(file);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
      channel.position(endOfLastLine(channel));
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.truncate(channel.position());
      channel.force(true);
    }
    if (isNew) {
      try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
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

  /**
   * The guest as it was when this suspend began: one that was cut off in the middle has left it
   * paused.
   *
   * @param session in which the suspend must have begun
   */
  Candidate asItWas(Candidate guest, String session) {
    List<Entry> pending;
    try {
      pending = pending();
    } catch (EngineException unreadable) {
      LOG.log(Level.WARNING, unreadable.getMessage() + ", ignoring", unreadable);
      return guest;
    }
    for (Entry entry : pending) {
      boolean underWay = entry.stage() == Stage.BEGUN && entry.act() == Act.SAVE;
      if (underWay && entry.uuid().equals(guest.uuid()) && entry.session().equals(session)) {
        return guest.paused(entry.paused());
      }
    }
    return guest;
  }

  /**
   * Ends a resume: who came back is settled, and when nobody is pending everything is forgotten.
   *
   * @param session the present one
   */
  synchronized void endResume(String session) {
    List<Entry> pending = pending();
    List<Entry> back = pending.stream().filter(e -> e.stage() == Stage.BACK).toList();
    try {
      if (back.size() == pending.size()) {
        AtomicFile.delete(file);
      } else if (!back.isEmpty()) {
        add(back.stream().map(e -> e.at(Stage.SETTLED, session)).toList());
      }
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED, "Cannot remove the record '" + file + "'", e);
    }
    reserve();
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
      throw new EngineException(
          EngineException.Kind.FAILED,
          "Cannot read the record '" + file + "': " + e.getMessage(),
          e);
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
      json.writeStringProperty("session", entry.session());
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
              Stage.valueOf(fields.getOrDefault("stage", "")),
              fields.getOrDefault("session", "")));
    } catch (JacksonException | IllegalArgumentException _) {
      return Optional.empty(); // torn by a crash in the middle of the write
    }
  }
}
