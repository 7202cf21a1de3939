package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import launcher.drivers.dnsmasq.DnsmasqPlan;
import launcher.engine.EngineException;
import launcher.engine.store.AtomicFile;
import launcher.spawn.Child;
import launcher.spawn.Completed;
import launcher.spawn.Identity;
import launcher.spawn.Signal;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;
import org.jspecify.annotations.Nullable;

/**
 * One network's dnsmasq: started, and started again with growing pauses when it ends by itself, for
 * as long as the network runs.
 */
final class DnsmasqServer {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Having run this long, it is taken to be well again. */
  private static final Duration WELL = Duration.ofMinutes(1);

  /** A configuration it cannot use ends it at once; later ends are for the supervision. */
  private static final Duration SETTLING = Duration.ofMillis(150);

  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int CONFIGURATION_MODE = 0644;

  private final String network;
  private final Spawner spawner;
  private final ScheduledExecutorService clock;
  private final Consumer<String> events;
  private DnsmasqPlan plan;
  private @Nullable Child child;
  private boolean wanted;
  private Duration pause = FIRST_PAUSE;
  private Instant started = Instant.EPOCH;

  /**
   * A server that does not run yet.
   *
   * @param events told in words when it ends and when it runs again
   */
  DnsmasqServer(
      String network,
      DnsmasqPlan plan,
      Spawner spawner,
      ScheduledExecutorService clock,
      Consumer<String> events) {
    this.network = network;
    this.plan = plan;
    this.spawner = spawner;
    this.clock = clock;
    this.events = events;
  }

  /**
   * Writes the files and starts it.
   *
   * @throws EngineException with what it said when it ends at once
   * @throws SpawnException when it does not start
   */
  synchronized void start() {
    LeftOver.end(plan.files().pid(), plan.files().configuration());
    writeFiles();
    wanted = true;
    try {
      launch();
    } catch (RuntimeException e) {
      wanted = false;
      removeFiles();
      throw e;
    }
  }

  private void launch() {
    Child born = spawner.start(plan.command());
    started = Instant.now();
    Optional<Completed> ended = born.await(SETTLING);
    if (ended.isPresent()) {
      born.close();
      throw new EngineException(
          EngineException.Kind.FAILED,
          "dnsmasq ended at once, " + ended.get().status() + lastWords());
    }
    child = born;
    var _ = born.onExit().thenAccept(completed -> ended(born, completed));
  }

  @SuppressWarnings(
      "ReferenceEquality") // another child may have been born since: this very one is meant
  private synchronized void ended(Child which, Completed completed) {
    which.close();
    if (!wanted || which != child) {
      return;
    }
    child = null;
    pause = started.plus(WELL).isBefore(Instant.now()) ? FIRST_PAUSE : pause;
    events.accept(
        String.format(
            Locale.ROOT,
            "dnsmasq ended, %s, starting again in %d s%s",
            completed.status(),
            pause.toSeconds(),
            lastWords()));
    again();
  }

  private void again() {
    var _ = clock.schedule(this::retry, pause.toMillis(), TimeUnit.MILLISECONDS);
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
  }

  private synchronized void retry() {
    if (!wanted || child != null) {
      return;
    }
    try {
      launch();
      events.accept("dnsmasq runs again");
    } catch (EngineException | SpawnException e) {
      events.accept(
          "dnsmasq does not start, next try in %d s: %s"
              .formatted(pause.toSeconds(), e.getMessage()));
      again();
    }
  }

  /** Takes a changed plan over: reads hosts and names again, or starts again for more than that. */
  synchronized void change(DnsmasqPlan changed) {
    boolean more = !changed.configuration().equals(plan.configuration());
    plan = changed;
    writeFiles();
    if (more) {
      end();
      launch();
    } else if (child != null) {
      child.signal(Signal.HUP);
    }
  }

  /** Ends it for good; leases and log stay. */
  synchronized void stop() {
    wanted = false;
    end();
    LeftOver.end(plan.files().pid(), plan.files().configuration());
    removeFiles();
  }

  private void removeFiles() {
    try {
      Files.deleteIfExists(plan.files().pid());
      Files.deleteIfExists(plan.files().configuration());
      Files.deleteIfExists(plan.files().hosts());
      Files.deleteIfExists(plan.files().names());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the files of network '" + network + "'", e);
    }
  }

  private void end() {
    Child running = child;
    child = null;
    if (running != null) {
      running.stop(GRACE);
      running.close();
    }
  }

  /** Lets it run without supervision: the daemon ends, the network does not. */
  synchronized void letGo() {
    wanted = false;
    if (child != null) {
      child.close();
      child = null;
    }
  }

  /** Its process id, while it runs. */
  synchronized Optional<Integer> pid() {
    return Optional.ofNullable(child).map(Child::pid);
  }

  private void writeFiles() {
    try {
      write(plan.files().configuration(), plan.configuration());
      write(plan.files().hosts(), plan.reservations());
      write(plan.files().names(), plan.names());
      if (!Files.exists(plan.files().leases())) {
        AtomicFile.write(plan.files().leases(), new byte[0], 0600);
      }
      own(plan.files().leases());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write the files of network '" + network + "': " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8), CONFIGURATION_MODE);
  }

  /** The leases are dnsmasq's to write, and survive a change of the user it runs as. */
  private void own(Path file) throws IOException {
    Identity identity = plan.command().confinement().identity();
    if (identity != null) {
      Files.setAttribute(file, "unix:uid", (int) identity.uid());
      Files.setAttribute(file, "unix:gid", (int) identity.gid());
    }
  }

  private String lastWords() {
    try {
      String log = Files.readString(plan.files().log());
      String last = log.strip().lines().reduce("", (before, line) -> line);
      return last.isEmpty() ? "" : ": " + last;
    } catch (IOException unreadable) {
      return "";
    }
  }
}
