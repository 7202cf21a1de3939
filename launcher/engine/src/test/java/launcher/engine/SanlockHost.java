package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;
import launcher.spawn.Signal;
import launcher.spawn.Spawner;
import launcher.spawn.libc.Calls;

/**
 * One of several hosts on this machine, as far as sanlock goes: a daemon with a folder of its own,
 * and an engine whose guests get their leases there.
 */
final class SanlockHost implements AutoCloseable {
  private static final Duration UP = Duration.ofMinutes(1);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Path run;
  private final Folders folders;
  private final int number;
  private Child daemon;
  private Engine engine;

  /**
   * Starts its daemon and opens its engine.
   *
   * @param number of the host
   * @param shared the storage that all hosts see
   */
  SanlockHost(Path root, int number, Path shared) throws IOException {
    this.number = number;
    run = Files.createDirectories(root.resolve("r" + number));
    folders = Folders.under(Files.createDirectories(root.resolve("h" + number)));
    daemon = daemon();
    awaitSocket();
    Files.createDirectories(folders.configuration());
    Files.writeString(
        folders.configuration().resolve("isolation.conf"),
        "leases = sanlock\nsanlock_io_timeout = 1\nsanlock_host_id = "
            + number
            + "\nsanlock_folder = "
            + shared
            + "\nsanlock_run = "
            + run
            + "\n");
    engine = Engine.open(folders, new RealSpawner());
  }

  private Child daemon() {
    return new RealSpawner()
        .start(
            CommandSpec.of("sanlock")
                .add("daemon", "-D", "-w", "0", "-h", "0", "-l", "0", "-L", "-1", "-S", "-1")
                .add("-e", "host" + number, "-U", "root", "-G", "root")
                .environment(Environment.common())
                .variable("SANLOCK_RUN_DIR", run.toString())
                .variable("SANLOCK_PRIVILEGED", "0")
                .daemon()
                .build());
  }

  private void awaitSocket() throws Calls.CallException {
    long deadline = System.nanoTime() + UP.toNanos();
    while (!Files.exists(run.resolve("sanlock.sock"))) {
      assertTrue(daemon.await(LOOK).isEmpty(), "sanlock ended");
      assertTrue(System.nanoTime() < deadline, "sanlock does not listen");
    }
  }

  Engine engine() {
    return engine;
  }

  Guest define(String name, String devices) {
    return IsolatedGuests.define(engine, name, devices, "");
  }

  /** The engine goes and comes again; guests and daemon stay. */
  void reopen() {
    reopen(new RealSpawner());
  }

  /** The same with another door to processes. */
  void reopen(Spawner spawner) {
    engine.close();
    engine = Engine.open(folders, spawner);
  }

  /** Its daemon is there again, as after the host's next boot. */
  void revive() throws IOException {
    daemon.close();
    Files.deleteIfExists(run.resolve("sanlock.sock"));
    daemon = daemon();
    awaitSocket();
  }

  /** Has sanlock do something on this host. */
  void sanlock(String... words) {
    var done =
        new RealSpawner()
            .run(
                CommandSpec.of("sanlock")
                    .addAll(List.of(words))
                    .environment(Environment.common())
                    .variable("SANLOCK_RUN_DIR", run.toString())
                    .capture()
                    .build(),
                UP);
    assertTrue(done.text().contains("done 0"), done.text() + done.error().text());
  }

  /** As far as the others see, the host is dead. */
  void die() {
    daemon.signal(Signal.KILL);
    var unused = daemon.await();
  }

  @Override
  public void close() {
    EngineOfTest.close(engine);
    die();
    daemon.close();
  }
}
