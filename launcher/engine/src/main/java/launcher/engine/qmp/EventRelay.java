package launcher.engine.qmp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps a monitor's events until somebody listens: they begin before the start has ended. */
public final class EventRelay implements Consumer<QmpEvent> {
  /** A start has a dozen; who says more than that is not listened to yet. */
  private static final int MOST_KEPT = 200;

  private final List<QmpEvent> kept = new ArrayList<>();
  private @Nullable Consumer<QmpEvent> listener;

  @Override
  public synchronized void accept(QmpEvent event) {
    if (listener == null) {
      if (kept.size() < MOST_KEPT) {
        kept.add(event);
      }
    } else {
      listener.accept(event);
    }
  }

  /** From now on; what was kept comes first. */
  public synchronized void listen(Consumer<QmpEvent> who) {
    kept.forEach(who);
    kept.clear();
    listener = who;
  }
}
