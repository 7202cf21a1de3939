package launcher.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Outcome;
import launcher.engine.shutdown.Candidate;
import launcher.engine.shutdown.HostShutdown;
import launcher.engine.shutdown.Ladder;
import launcher.engine.shutdown.LibvirtGuestsFile;
import launcher.engine.shutdown.PolicyFile;
import launcher.engine.shutdown.Progress;
import launcher.engine.shutdown.Rung;
import launcher.engine.shutdown.SuspendPlan;
import launcher.engine.shutdown.SuspendRecord;
import launcher.engine.shutdown.SystemState;

/**
 * Suspending all guests when the host goes down, and bringing them back.
 *
 * @param shutdown does it
 * @param system whether the host is going down
 */
record HostShutdownHandlers(HostShutdown shutdown, SystemState system) implements HandlerFamily {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  @Override
  public void register(Handlers handlers) {
    handlers
        .read("guests-status", _ -> status(shutdown.status()))
        .read("guests-import", HostShutdownHandlers::importPolicy)
        .manage("guests-suspend", this::suspend)
        .manage("guests-resume", call -> outcomes(shutdown.resume(progress(call))));
  }

  private Json suspend(Call call) throws IOException, InterruptedException {
    if (call.arguments().isTrue("atShutdown") && !system.goesDown().orElse(true)) {
      call.event(Json.object("told", "the host is not going down: no guest is touched"));
      return Json.object("succeeded", true);
    }
    return outcomes(shutdown.suspend(progress(call)));
  }

  /** The client may be gone while the guests are saved: that stops nothing. */
  private static Progress progress(Call call) {
    return new Progress() {
      @Override
      public void told(String line) {
        send(Json.object("told", line));
      }

      @Override
      public void needs(Duration more) {
        send(Json.object("needsSeconds", more.toSeconds()));
      }

      private void send(Json.Members event) {
        try {
          call.event(event);
        } catch (IOException e) {
          LOG.log(Level.FINE, "nobody listens any more", e);
        }
      }
    };
  }

  private static Json outcomes(List<launcher.engine.shutdown.Outcome> outcomes) {
    List<Json> rows = new ArrayList<>();
    for (launcher.engine.shutdown.Outcome outcome : outcomes) {
      rows.add(
          Json.object(
              "name", outcome.guest(),
              "did", outcome.did(),
              "why", outcome.why().isEmpty() ? Optional.empty() : Optional.of(outcome.why()),
              "milliseconds", outcome.took().toMillis()));
    }
    boolean all = outcomes.stream().allMatch(launcher.engine.shutdown.Outcome::succeeded);
    return Json.object("succeeded", all, "guests", new Json.Array(rows));
  }

  private static Json status(HostShutdown.Status status) {
    List<Json> guests = new ArrayList<>();
    for (SuspendPlan.Planned planned : status.plan().guests()) {
      guests.add(
          Json.object(
              "name", planned.guest().name(),
              "uuid", planned.guest().uuid(),
              "kind", kind(planned.guest()),
              "paused", planned.guest().paused(),
              "persistent", planned.guest().persistent(),
              "memoryKib", planned.guest().memoryKib(),
              "bytesNeeded", planned.bytesNeeded(),
              "ladder", planned.ladder().toString(),
              "rungs", rungs(planned.ladder()),
              "order", order(planned.guest()),
              "after", names(status.plan(), planned)));
    }
    List<Json> remarks = new ArrayList<>();
    status.plan().remarks().forEach(text -> remarks.add(Json.object("text", text)));
    List<Json> pending = new ArrayList<>();
    for (SuspendRecord.Entry entry : status.pending()) {
      pending.add(
          Json.object(
              "name", entry.name(), "act", entry.act().word(), "stage", entry.stage().name()));
    }
    return Json.object(
        "guests",
        new Json.Array(guests),
        "remarks",
        new Json.Array(remarks),
        "pending",
        new Json.Array(pending),
        "budgetSeconds",
        status.policy().budget().toSeconds(),
        "parallel",
        (long) status.policy().parallel(),
        "bytesNeeded",
        status.bytesNeeded(),
        "bytesThere",
        status.bytesThere(),
        "room",
        status.hasRoom());
  }

  private static String kind(Candidate guest) {
    return switch (guest.kind()) {
      case VIRTUAL_MACHINE -> "machine";
      case CONTAINER -> "container";
    };
  }

  private static Optional<Integer> order(Candidate guest) {
    return guest.policy().order().stream().boxed().findFirst();
  }

  private static Json rungs(Ladder ladder) {
    List<Json> rungs = new ArrayList<>();
    for (Rung rung : ladder.rungs()) {
      rungs.add(
          Json.object("act", rung.act().word(), "deadlineSeconds", rung.deadline().toSeconds()));
    }
    return new Json.Array(rungs);
  }

  private static Optional<String> names(SuspendPlan plan, SuspendPlan.Planned planned) {
    String names =
        plan.guests().stream()
            .map(SuspendPlan.Planned::guest)
            .filter(g -> planned.after().contains(g.uuid()))
            .map(g -> g.name())
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  /** What the settings of libvirt-guests are here, as the text of a policy file. */
  private static Json importPolicy(Call call) {
    try {
      LibvirtGuestsFile read =
          LibvirtGuestsFile.parse(call.arguments().text("text"), call.arguments().text("file"));
      String remarks =
          read.remarks().stream().map(r -> "# " + r + "\n").collect(Collectors.joining());
      return Json.object("text", remarks + PolicyFile.text(read.policy()));
    } catch (IllegalArgumentException e) {
      throw new ControlException(Outcome.FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
