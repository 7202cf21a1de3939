package launcher.engine.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All who follow one suspend or resume; who comes later hears what was told before. */
final class Audience implements Progress {
  private final Consumer<String> log;
  private final List<Progress> listeners = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private Deadline until = Deadline.in(Duration.ZERO);

  /**
   * @param log gets each line once, whoever follows
   */
  Audience(Consumer<String> log) {
    this.log = log;
  }

  synchronized void add(Progress listener) {
    lines.forEach(listener::told);
    if (!until.isOver()) {
      listener.needs(until.left());
    }
    listeners.add(listener);
  }

  @Override
  public synchronized void told(String line) {
    lines.add(line);
    log.accept(line);
    listeners.forEach(listener -> listener.told(line));
  }

  @Override
  public synchronized void needs(Duration more) {
    Deadline wanted = Deadline.in(more);
    if (wanted.isAfter(until)) {
      until = wanted;
      listeners.forEach(listener -> listener.needs(more));
    }
  }
}
