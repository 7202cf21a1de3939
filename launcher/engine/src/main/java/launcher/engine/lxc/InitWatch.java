package launcher.engine.lxc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import launcher.drivers.plan.FileStep;
import launcher.engine.guest.RunListener;
import launcher.engine.host.InitProcess;
import launcher.engine.host.ProcessDescriptor;
import launcher.engine.run.ProcessIdentity;
import launcher.engine.run.RunRecord;
import launcher.schemas.XmlElement;
import launcher.spawn.Signal;
import launcher.spawn.libc.Calls;

/**
 * Watches a container's first process: its end, and the boot of the next when the container reboots
 * itself, which LXC does within the same monitor.
 */
final class InitWatch implements AutoCloseable {
  /** How long the monitor may take, after its container's end, to end or to boot it anew. */
  private static final Duration AFTER = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(10);
  private static final Duration FOREVER = Duration.ofMillis(Integer.MAX_VALUE);

  private final RunRecord record;
  private final boolean rebootEnds;
  private final RunListener listener;
  private final int[] wake;
  private final Thread thread;

  InitWatch(RunRecord record, XmlElement live, RunListener listener) {
    this.record = record;
    this.listener = listener;
    rebootEnds = live.value("on_reboot", "restart").equals("destroy");
    try {
      wake = Calls.pipe();
    } catch (Calls.CallException e) {
      throw new IllegalStateException("container '" + record.name() + "' cannot be watched", e);
    }
    thread = Thread.ofPlatform().daemon().name("init of " + record.name()).start(this::work);
  }

  private void work() {
    try {
      Optional<Integer> init = InitProcess.of(record.pid());
      while (init.isPresent()) {
        init = ended(init.get()) ? next(init.get()) : Optional.empty();
      }
    } catch (IOException e) {
      listener.event("failure", "its first process cannot be watched: " + e.getMessage());
    } finally {
      Calls.close(wake[0]);
    }
  }

  /** Waits; false when the watch was closed meanwhile. */
  private boolean ended(int init) throws Calls.CallException {
    try (ProcessDescriptor process = ProcessDescriptor.of(init)) {
      return process.awaitOr(wake[0], FOREVER);
    } catch (Calls.CallException gone) {
      return true;
    }
  }

  /** The first process of the next boot, none when the container is over. */
  private Optional<Integer> next(int before) throws Calls.CallException {
    try (ProcessDescriptor monitor = ProcessDescriptor.of(record.pid())) {
      long deadline = System.nanoTime() + AFTER.toNanos();
      while (!monitor.await(LOOK)) {
        Optional<Integer> now = InitProcess.of(record.pid()).filter(pid -> pid != before);
        if (now.isPresent()) {
          listener.event("reboot", "by the container");
          if (rebootEnds) {
            listener.leaving("shutdown");
            monitor.signal(Signal.KILL.number());
          }
          return now;
        }
        if (System.nanoTime() > deadline) {
          // nothing runs in it any more and its monitor does not notice
          listener.leaving(reason());
          monitor.signal(Signal.KILL.number());
          return Optional.empty();
        }
      }
    } catch (Calls.CallException gone) {
      // it ended right after its container
      return Optional.empty();
    }
    return Optional.empty();
  }

  /**
   * How the container ended. Only its monitor knows and writes it down, before it ends itself; a
   * monitor that was killed has written nothing, and took its container along.
   */
  private String reason() {
    String said = "";
    try {
      Path log = folder().resolve("lxc.log");
      for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
        boolean end = line.contains(" - Child <") && line.contains("> ended on ");
        boolean exit = line.contains("Container init process ") && line.endsWith(" exited");
        said = line.contains(" - Started \"") ? "" : end || exit ? line : said;
      }
    } catch (IOException unreadable) {
      return "crashed";
    }
    // reboot(2) in a pid namespace ends its first process so: a halt or a power-off
    boolean signalled = said.contains("ended on signal") && !said.endsWith("(2)");
    return said.isEmpty() || signalled ? "crashed" : "shutdown";
  }

  private Path folder() throws IOException {
    for (var step : record.steps()) {
      if (step instanceof FileStep.WriteFile file && file.path().endsWith("config")) {
        Path folder = file.path().getParent();
        if (folder != null) {
          return folder;
        }
      }
    }
    throw new IOException("the record names no configuration");
  }

  /** Ends the watch; when the monitor has ended, its reason is known then. */
  @Override
  public void close() {
    Calls.close(wake[1]);
    try {
      thread.join(AFTER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (!ProcessIdentity.runs(record.pid(), record.birth())) {
      listener.leaving(reason());
    }
  }
}
