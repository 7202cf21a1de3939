package launcher.daemon;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.engine.Engine;
import launcher.engine.shutdown.Candidate;
import launcher.engine.shutdown.HostPolicy;
import launcher.engine.shutdown.HostResume;
import launcher.engine.shutdown.HostSuspend;
import launcher.engine.shutdown.LibvirtGuestsFile;
import launcher.engine.shutdown.PolicyFile;
import launcher.engine.shutdown.Rivals;
import launcher.engine.shutdown.SuspendPlan;
import launcher.engine.shutdown.SuspendRecord;

/** What happens to all guests when the host goes down and comes back. */
final class ShutdownHandlers implements HandlerFamily {
  private static final List<Path> LIBVIRT_GUESTS =
      List.of(Path.of("/etc/default/libvirt-guests"), Path.of("/etc/sysconfig/libvirt-guests"));

  private final Engine engine;
  private final EngineGuestActs acts;
  private final SuspendRecord record;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  ShutdownHandlers(Engine engine) {
    this.engine = engine;
    acts = new EngineGuestActs(engine);
    record = new SuspendRecord(engine.folders().state());
  }

  @Override
  public void register(Handlers handlers) {
    handlers
        .manage("guests-suspend", this::suspend)
        .manage("guests-resume", this::resume)
        .read("guests-status", this::status)
        .manage("guests-import", this::importLibvirt);
  }

  private HostPolicy policy() {
    return PolicyFile.read(engine.folders().configuration().resolve(PolicyFile.NAME));
  }

  private Json suspend(Call call) throws IOException, InterruptedException {
    if (call.arguments().isTrue("ifHostStops") && !HostStop.isUnderWay()) {
      return Json.object("skipped", "the host is not stopping: no guest is touched");
    }
    HostPolicy policy = policy();
    SuspendPlan plan = plan(policy, call);
    return locked(() -> outcomes(new HostSuspend(acts, record, policy, told(call)).run(plan)));
  }

  private Json resume(Call call) throws IOException, InterruptedException {
    HostResume.Delay delay = time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());
    return locked(() -> outcomes(new HostResume(acts, record, policy(), told(call), delay).run()));
  }

  /** Something that is carried out while no other suspension or resumption is. */
  private interface Work {
    Json run() throws IOException, InterruptedException;
  }

  private Json locked(Work work) throws IOException, InterruptedException {
    oneAtATime.lockInterruptibly();
    try {
      return work.run();
    } finally {
      oneAtATime.unlock();
    }
  }

  private SuspendPlan plan(HostPolicy policy, Call call) throws IOException {
    Map<String, String> rivals = rivals();
    List<Candidate> ours = new ArrayList<>();
    for (Candidate guest : acts.running()) {
      String rival = rivals.get(guest.uuid());
      if (rival == null) {
        ours.add(guest);
      } else {
        told(call).told("'" + guest.name() + "': left to " + rival);
      }
    }
    return SuspendPlan.of(ours, policy);
  }

  private static Map<String, String> rivals() throws IOException {
    return new Rivals(Path.of("/")).managed();
  }

  private static CallProgress told(Call call) {
    return new CallProgress(call);
  }

  /** Tells the client; one that has gone changes nothing. */
  private record CallProgress(Call call) implements launcher.engine.shutdown.Progress {
    @Override
    public void told(String line) {
      Daemon.LOG.info(line);
      send(Json.object("told", line));
    }

    @Override
    public void needs(Duration more) {
      send(Json.object("needsSeconds", more.toSeconds()));
    }

    private void send(Members event) {
      try {
        call.event(event);
      } catch (IOException e) {
        // the host's shutdown goes on without a spectator
      }
    }
  }

  private static Json outcomes(List<launcher.engine.shutdown.Outcome> outcomes) {
    return Json.object(
        "guests",
        outcomes.stream()
            .map(outcome ->
                Json.object(
                    "name", outcome.guest(),
                    "did", outcome.did(),
                    "why", outcome.why(),
                    "millis", outcome.took().toMillis()))
            .toList());
  }

  private Json status(Call call) throws IOException {
    HostPolicy policy = policy();
    Map<String, String> rivals = rivals();
    List<Candidate> running = acts.running();
    List<Candidate> ours =
        running.stream().filter(guest -> !rivals.containsKey(guest.uuid())).toList();
    SuspendPlan plan = SuspendPlan.of(ours, policy);
    long needed =
        plan.guests().stream()
            .filter(ShutdownHandlers::saves)
            .mapToLong(p -> p.guest().memoryKib())
            .sum();
    Files.createDirectories(engine.folders().state());
    FileStore disk = Files.getFileStore(engine.folders().state());
    List<String> remarks = new ArrayList<>(plan.remarks());
    running.stream()
        .filter(guest -> rivals.containsKey(guest.uuid()))
        .forEach(
            guest -> remarks.add("'" + guest.name() + "': left to " + rivals.get(guest.uuid())));
    return Json.object(
        "guests", plan.guests().stream().map(ShutdownHandlers::row).toList(),
        "budgetSeconds", policy.budget().toSeconds(),
        "parallel", policy.parallel(),
        "resume", policy.resume(),
        "neededKib", needed,
        "freeKib", disk.getUsableSpace() / 1024,
        "folder", engine.folders().state().toString(),
        "pending", record.pending().stream().map(SuspendRecord.Entry::name).toList(),
        "remarks", remarks);
  }

  private static boolean saves(SuspendPlan.Planned planned) {
    return planned.ladder().toString().startsWith("save");
  }

  private static Members row(SuspendPlan.Planned planned) {
    return Json.object(
        "name", planned.guest().name(),
        "ladder", planned.ladder().toString(),
        "paused", planned.guest().paused(),
        "memoryKib", planned.guest().memoryKib());
  }

  private Json importLibvirt(Call call) throws IOException {
    Path file =
        call.arguments()
            .findText("file")
            .map(Path::of)
            .or(() -> LIBVIRT_GUESTS.stream().filter(Files::isReadable).findFirst())
            .orElseThrow(() ->
                new ControlException(Outcome.NOT_FOUND, "there is none of " + LIBVIRT_GUESTS));
    try {
      LibvirtGuestsFile read = LibvirtGuestsFile.parse(Files.readString(file), file.toString());
      String text = PolicyFile.text(read.policy());
      if (call.arguments().isTrue("write")) {
        Path target = engine.folders().configuration().resolve(PolicyFile.NAME);
        Files.createDirectories(engine.folders().configuration());
        Files.writeString(target, text);
      }
      return Json.object("file", file.toString(), "policy", text, "remarks", read.remarks());
    } catch (IllegalArgumentException e) {
      throw new ControlException(Outcome.INVALID, String.valueOf(e.getMessage()), e);
    }
  }
}
