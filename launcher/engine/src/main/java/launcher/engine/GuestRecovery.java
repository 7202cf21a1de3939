package launcher.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.saving.PowerCutLeftovers;
import launcher.engine.saving.SavingRecovery;
import launcher.engine.snapshot.SnapshotActs;

/**
 * Ends what was under way with a guest: what an earlier engine left in the middle, and what a
 * running guest says of its devices and jobs long after it was asked.
 */
final class GuestRecovery {
  /** The kind of an event that QEMU has come to a point with a job; nobody else's affair. */
  static final String JOB = "job";

  /** How long the first look at a found guest waits for it; a stopped one is shown as such. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(3);

  /** A found guest may be stopped for days and answer then. */
  private static final Duration LAST_LOOK = Duration.ofDays(365);

  private final Guests guests;

  GuestRecovery(Guests guests) {
    this.guests = guests;
  }

  /** Looks at all that an opening engine has found; who does not answer is looked at later. */
  void found(Collection<GuestLife> lives) {
    List<Thread> looks = new ArrayList<>();
    for (GuestLife life : lives) {
      life.run()
          .ifPresentOrElse(
              run -> looks.add(Thread.ofVirtual().start(() -> running(life, run))),
              () -> off(life));
    }
    long end = System.nanoTime() + FIRST_LOOK.toNanos();
    for (Thread look : looks) {
      try {
        // all of them together wait so long: who does not answer is looked at when it does
        look.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void off(GuestLife life) {
    snapshot(life);
    try {
      PowerCutLeftovers.remove(life);
    } catch (EngineException e) {
      life.tell("leftover", String.valueOf(e.getMessage()));
    }
  }

  private void running(GuestLife life, ActiveRun run) {
    if (run.running().settled(LAST_LOOK)) {
      if (run.record().job().isPresent()) {
        recover(life, () -> SavingRecovery.recover(life));
      }
      snapshot(life);
      devices(life);
      jobs(life);
    }
  }

  private void snapshot(GuestLife life) {
    if (SnapshotActs.hasBegun(life)) {
      recover(life, () -> SnapshotActs.recover(life, changed -> guests.keep(life, changed)));
    }
  }

  private void jobs(GuestLife life) {
    if (life.run().filter(run -> !run.record().diskJobs().isEmpty()).isPresent()) {
      recover(life, () -> guests.handle(life).blockJobs().settle());
    }
  }

  private void devices(GuestLife life) {
    boolean moving = life.run().filter(run -> !run.record().moves().isEmpty()).isPresent();
    if (moving) {
      recover(life, () -> BegunMoves.settle(life));
    }
  }

  private void recover(GuestLife life, Runnable recovery) {
    try {
      life.act("recover", recovery);
    } catch (EngineException e) {
      life.tell("failure", String.valueOf(e.getMessage()));
    }
  }

  /** A guest lets go of a device long after it was asked to; a job on a disk takes its time. */
  void heard(GuestEvent event) {
    switch (event.kind()) {
      case "device-removed" -> answer(event, this::devices);
      case JOB -> answer(event, this::jobs);
      case QemuRunning.CONNECTED ->
          answer(
              event,
              life -> {
                devices(life);
                jobs(life);
              });
      default -> {
        // nothing of it is ours
      }
    }
  }

  private void answer(GuestEvent event, Consumer<GuestLife> act) {
    guests
        .named(event.guest())
        .ifPresent(
            life -> Thread.ofVirtual().name("answers to events").start(() -> act.accept(life)));
  }
}
