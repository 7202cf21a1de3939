package launcher.daemon;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Who carries out which verb. */
public final class Handlers {

  /** How a verb is served. */
  enum Manner {
    /** By a worker, to its end, even when the client hangs up meanwhile. */
    ACT,
    /** By a worker that is interrupted when the client hangs up. */
    LISTEN,
    /** By the connection's own thread, which gives its socket away as a stream of bytes. */
    STREAM
  }

  /** A handler with how it is served and what it needs to be allowed. */
  record Entry(Access access, Manner manner, Handler handler) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** No handlers yet. */
  public Handlers() {}

  /** Registers a verb that only looks. */
  public Handlers read(String verb, Handler handler) {
    return add(verb, new Entry(Access.READ, Manner.ACT, handler));
  }

  /** Registers a verb that only looks and waits: it is interrupted when the client hangs up. */
  public Handlers listen(String verb, Handler handler) {
    return add(verb, new Entry(Access.READ, Manner.LISTEN, handler));
  }

  /** Registers a verb that changes something; it goes on when the client hangs up. */
  public Handlers manage(String verb, Handler handler) {
    return add(verb, new Entry(Access.MANAGE, Manner.ACT, handler));
  }

  /** Registers a verb of managers that talks with the client over {@link Call#stream}. */
  public Handlers stream(String verb, Handler handler) {
    return add(verb, new Entry(Access.MANAGE, Manner.STREAM, handler));
  }

  private Handlers add(String verb, Entry entry) {
    if (entries.putIfAbsent(verb, entry) != null) {
      throw new IllegalArgumentException("two handlers for the verb '" + verb + "'");
    }
    return this;
  }

  Optional<Entry> find(String verb) {
    return Optional.ofNullable(entries.get(verb));
  }
}
