package launcher.engine;

import java.nio.file.Path;

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
