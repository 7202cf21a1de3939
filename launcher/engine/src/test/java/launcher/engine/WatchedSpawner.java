package launcher.engine;

import java.util.function.Consumer;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.HeldChild;
import launcher.spawn.Spawner;

/**
 * Tells how far each held start is.
 *
 * @param told {@code before the process}, {@code at the handshake}, {@code before the word} and
 *     {@code after the word}
 */
record WatchedSpawner(Spawner real, Consumer<String> told) implements Spawner {
  /** Does something at one of them. */
  static WatchedSpawner at(Spawner real, String moment, Runnable act) {
    return new WatchedSpawner(
        real,
        now -> {
          if (now.equals(moment)) {
            act.run();
          }
        });
  }

  /** Starts a process that is killed before it can do anything. */
  static Child stillborn(Spawner real, CommandSpec command) {
    HeldChild held = real.hold(command);
    ProcessHandle.of(held.pid()).orElseThrow().destroyForcibly();
    return held.go();
  }

  @Override
  public Child start(CommandSpec command) {
    return real.start(command);
  }

  @Override
  public HeldChild hold(CommandSpec command) {
    told.accept("before the process");
    HeldChild held = real.hold(command);
    told.accept("at the handshake");
    return new HeldChild() {
      @Override
      public int pid() {
        return held.pid();
      }

      @Override
      public CommandSpec command() {
        return held.command();
      }

      @Override
      public Child go() {
        told.accept("before the word");
        Child child = held.go();
        told.accept("after the word");
        return child;
      }

      @Override
      public void abort() {
        held.abort();
      }
    };
  }
}
