package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.engine.run.DeviceMove;
import launcher.engine.run.RunRecord;
import launcher.engine.store.RecordJson;

/** An engine below the folder of a test; which guest still runs at its end is ended. */
final class EngineOfTest implements AutoCloseable {
  private final Path root;
  private Engine engine;

  EngineOfTest(Path root) {
    this.root = root;
    engine = Engine.open(Folders.under(root));
  }

  Engine engine() {
    return engine;
  }

  Guests guests() {
    return engine.guests();
  }

  Guest define(String xml) {
    return guests().define(xml, DefineOptions.STRICT).guest();
  }

  Guest start(String xml) {
    Guest guest = define(xml);
    guest.start(StartOptions.DEFAULT);
    return guest;
  }

  /** Another engine takes over what the one before has left running. */
  void reopen() {
    engine.close();
    engine = Engine.open(Folders.under(root));
  }

  /**
   * What is remembered of a guest becomes what an engine that was cut off had written; another one
   * opens and settles it.
   *
   * @return the same guest there
   */
  Guest cutOff(Guest guest, String live, DeviceMove move) throws IOException {
    engine.close();
    Path runs = root.resolve("run/runs");
    Path record = runs.resolve(guest.uuid() + ".json");
    RunRecord before = RecordJson.read(RunRecord.class, Files.readString(record));
    Files.writeString(record, RecordJson.write(before.moving(move)));
    Files.writeString(runs.resolve(guest.uuid() + ".xml"), live);
    reopen();
    Guest found = guests().get(guest.name());
    assertEquals(List.of(), found.life().running().record().moves());
    return found;
  }

  @Override
  public void close() {
    close(engine);
  }

  /** Ends every guest that runs, and closes. */
  static void close(Engine engine) {
    try (engine) {
      for (Guest guest : engine.guests().list()) {
        if (guest.state().active()) {
          guest.destroy(false);
        }
      }
    }
  }
}
