package launcher.daemon;

import java.util.function.Consumer;
import launcher.engine.Engine;
import launcher.engine.GuestEvent;

/** Listening to an engine, until closed. */
record Subscription(AutoCloseable listening) implements AutoCloseable {

  static Subscription of(Engine engine, Consumer<GuestEvent> listener) {
    return new Subscription(engine.listen(listener));
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (Exception e) { // AutoCloseable declares it; the engine's never throws
      throw new IllegalStateException(e);
    }
  }
}
