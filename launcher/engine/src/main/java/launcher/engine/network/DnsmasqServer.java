package launcher.engine.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import launcher.drivers.dnsmasq.DnsmasqPlan;
import launcher.engine.EngineException;
import launcher.engine.host.ProcessHold;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.FileTail;
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

  /**
   * A configuration it cannot use ends it at once; later ends are for the supervision. It is waited
   * for so long only where its log is another than ours.
   */
  private static final Duration SETTLING = Duration.ofMillis(500);

  /** How often its log is looked into meanwhile; there is no event for that. */
  private static final Duration LOOK = Duration.ofMillis(4);

  /** What it logs once it has its sockets and its user. */
  private static final String STARTED = "started, version";

  private static final int MOST_SAID = 64 << 10;

  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int CONFIGURATION_MODE = 0644;

  /** So much of the end of its log is looked at for its last line, in bytes. */
  private static final int LAST_WORDS = 4 << 10;

  private final String network;
  private final Spawner spawner;
  private final ScheduledExecutorService clock;
  private final Consumer<String> events;
  private DnsmasqPlan plan;
  private @Nullable ProcessHold process;
  private boolean wanted;
  private Duration pause = FIRST_PAUSE;

  /** By the clock that nobody sets (System.nanoTime). */
  private long started;

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

  /**
   * Takes over the one that an earlier daemon started, and starts one where there is none that is
   * like it. One that does not start is tried again later: the network runs, whoever serves it.
   */
  synchronized void takeOver() {
    wanted = true;
    Optional<ProcessHold> running = LeftOver.like(plan);
    writeFiles();
    if (running.isPresent()) {
      ProcessHold found = running.get();
      process = found;
      started = System.nanoTime();
      var _ = found.ended().thenRunAsync(() -> ended(found, ""), clock);
      // the earlier daemon may have been killed between a change and telling of it
      found.signal(Signal.HUP);
      return;
    }
    LeftOver.end(plan.files().pid(), plan.files().configuration());
    retry();
  }

  private void launch() {
    long said = sizeOfLog();
    Child born = spawner.start(plan.command());
    started = System.nanoTime();
    Optional<Completed> end = endBeforeItStarted(born, said);
    if (end.isPresent()) {
      born.close();
      throw new EngineException(
          EngineException.Kind.FAILED,
          "dnsmasq ended at once, " + end.get().status() + lastWords());
    }
    ProcessHold hold = hold(born);
    process = hold;
    // on the clock's thread: that of the end wakes those who wait for it with the lock held
    var _ =
        born.onExit().thenAcceptAsync(completed -> ended(hold, ", " + completed.status()), clock);
  }

  private Optional<Completed> endBeforeItStarted(Child born, long said) {
    Optional<Completed> end = born.await(LOOK);
    while (end.isEmpty() && System.nanoTime() - started < SETTLING.toNanos() && !hasStarted(said)) {
      end = born.await(LOOK);
    }
    return end;
  }

  private boolean hasStarted(long said) {
    try (InputStream log = Files.newInputStream(plan.files().log())) {
      log.skipNBytes(said);
      return new String(log.readNBytes(MOST_SAID), StandardCharsets.UTF_8).contains(STARTED);
    } catch (IOException unreadable) {
      return false;
    }
  }

  private long sizeOfLog() {
    try {
      return Files.size(plan.files().log());
    } catch (IOException thereIsNone) {
      return 0;
    }
  }

  private static ProcessHold hold(Child born) {
    try {
      return ProcessHold.of(born);
    } catch (IOException e) {
      born.stop(GRACE);
      throw new EngineException(
          EngineException.Kind.FAILED, "dnsmasq cannot be held: " + e.getMessage(), e);
    }
  }

  /**
   * @param how it ended, after a comma; nothing is known of one that another daemon started
   */
  @SuppressWarnings("ReferenceEquality") // another may have been born since: this very one is meant
  private synchronized void ended(ProcessHold which, String how) {
    which.close();
    if (!wanted || which != process) {
      return;
    }
    process = null;
    pause = System.nanoTime() - started > WELL.toNanos() ? FIRST_PAUSE : pause;
    events.accept(
        String.format(
            Locale.ROOT,
            "dnsmasq ended%s, starting again in %d s%s",
            how,
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
    if (!wanted || process != null) {
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
    if (more) {
      // first, so that no daemon ever finds one that runs and has read another configuration
      end();
    }
    plan = changed;
    writeFiles();
    ProcessHold running = process;
    if (more) {
      launch();
    } else if (running != null) {
      running.signal(Signal.HUP);
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
    ProcessHold running = process;
    process = null;
    if (running != null) {
      running.signal(Signal.TERM);
      if (!ended(running)) {
        running.signal(Signal.KILL);
        ended(running);
      }
      running.close();
    }
  }

  /** Waits a while for the end. */
  private static boolean ended(ProcessHold process) {
    try {
      process.ended().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stubborn) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for dnsmasq, pid " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Lets it run without supervision: the daemon ends, the network does not. */
  synchronized void letGo() {
    wanted = false;
    ProcessHold running = process;
    process = null;
    if (running != null) {
      running.close();
    }
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
    AtomicFile.writeUntilBoot(file, text, CONFIGURATION_MODE);
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
      // guests fill it with what they ask for
      byte[] end = FileTail.of(plan.files().log(), LAST_WORDS);
      String log = new String(end, StandardCharsets.UTF_8);
      String last = log.strip().lines().reduce("", (before, line) -> line);
      return last.isEmpty() ? "" : ": " + last;
    } catch (IOException unreadable) {
      return "";
    }
  }
}
