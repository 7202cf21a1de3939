package launcher.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.qemu.QemuRunning;
import launcher.spawn.Signal;

/** How a guest's run is brought to its end: asked, told, or by force. */
final class GuestEnd {
  /** What a process may take to end after SIGTERM; QEMU closes its disks then. */
  private static final Duration GRACE = Duration.ofSeconds(15);

  /** What the kernel may take to end a process that was killed and is in the middle of a write. */
  private static final Duration KILLED = Duration.ofSeconds(60);

  private final Guest guest;

  GuestEnd(Guest guest) {
    this.guest = guest;
  }

  void shutdown(ShutdownOptions options) {
    CompletableFuture<String> over = guest.life().running().over();
    try {
      guest.life().act("shutdown", () -> ask(options.mode()));
    } catch (EngineException e) {
      if (e.kind() != Kind.NOT_ANSWERING || options.patience().isEmpty() || !options.escalate()) {
        throw e;
      }
      // who does not hear the question does not obey it either
    }
    options
        .patience()
        .ifPresent(patience -> {
          if (!comes(over, patience)) {
            tooLate(options, patience);
          }
        });
  }

  private void tooLate(ShutdownOptions options, Duration patience) {
    if (!options.escalate()) {
      throw new EngineException(
          Kind.TIMEOUT,
          "guest '"
              + guest.name()
              + "' did not shut down within "
              + patience.toSeconds()
              + " s: ask again, or destroy it");
    }
    destroy(false);
  }

  private void ask(ShutdownMode mode) {
    if (mode == ShutdownMode.AGENT || mode == ShutdownMode.ANY && agentListens()) {
      try {
        guest.agent().shutdown(false);
        return;
      } catch (EngineException e) {
        if (mode == ShutdownMode.AGENT) {
          throw e;
        }
      }
    }
    guest.life().running().running().shutdown(mode);
  }

  /** A paused guest's agent says nothing, whatever its channel says. */
  private boolean agentListens() {
    return guest.life().running().running() instanceof QemuRunning
        && guest.state().phase() == GuestState.Phase.RUNNING
        && guest.agent().connected();
  }

  void destroy(boolean graceful) {
    ActiveRun run = guest.life().running();
    run.endsFor("destroyed");
    run.running().end(run.process());
    if (graceful && !comes(run.over(), GRACE)) {
      throw new EngineException(
          Kind.TIMEOUT,
          "guest '"
              + guest.name()
              + "' did not end within "
              + GRACE.toSeconds()
              + " s: destroy it without --graceful");
    }
    // a stopped process takes no SIGTERM; waiting for it would help nobody
    Duration grace = run.running().state().answering() ? GRACE : Duration.ZERO;
    if (!graceful && !comes(run.over(), grace)) {
      run.process().signal(Signal.KILL);
      if (!comes(run.over(), KILLED)) {
        throw new EngineException(
            Kind.TIMEOUT,
            "guest '"
                + guest.name()
                + "' (pid "
                + run.record().pid()
                + ") does not end: it waits for a device or a network file system");
      }
    }
  }

  /** Ends a run for certain, for one who holds the guest; who asked has said why it ends. */
  void certainly(ActiveRun run) {
    run.running().end(run.process());
    if (!comes(run.over(), GRACE)) {
      run.process().signal(Signal.KILL);
      comes(run.over(), KILLED);
    }
  }

  /** Waits for the end; false when it takes longer. */
  boolean comes(CompletableFuture<String> over, Duration patience) {
    try {
      over.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          Kind.FAILED, "interrupted while waiting for guest '" + guest.name() + "'", e);
    } catch (ExecutionException e) {
      throw new EngineException(
          Kind.FAILED, "guest '" + guest.name() + "' ended badly: " + e.getMessage(), e);
    }
  }
}
