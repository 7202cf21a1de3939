package launcher.engine.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.ContainerStep;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.host.ProcessHold;
import launcher.engine.isolation.DeniedExplanation;
import launcher.engine.lease.LeaseRefusal;
import launcher.engine.qmp.EventRelay;
import launcher.engine.run.PlanRunner;
import launcher.engine.run.ProcessIdentity;
import launcher.engine.run.RunRecord;
import launcher.engine.run.StepClock;
import launcher.engine.run.StepException;
import launcher.engine.run.Workspace;
import launcher.schemas.XmlWriter;
import launcher.spawn.Child;
import launcher.spawn.Signal;
import launcher.spawn.SpawnException;
import org.jspecify.annotations.Nullable;

/** One start of a guest: record, plan, process, and the way back when any of it fails. */
final class GuestStart {
  private final GuestLife life;
  private final Launch launch;
  private final StepClock clock;

  GuestStart(GuestLife life, Launch launch, StepClock clock) {
    this.life = life;
    this.launch = launch;
    this.clock = clock;
  }

  static RunRecord record(
      Definition definition,
      int id,
      Launch launch,
      Path log,
      String reason,
      Optional<RunRecord.Job> job) {
    return new RunRecord(
        definition.name(),
        definition.uuid(),
        definition.type(),
        id,
        RunRecord.Phase.STARTING,
        0,
        0,
        // what only looks has taken nothing: see held()
        launch.plan().steps().stream().filter(s -> !(s instanceof ContainerStep.Claim)).toList(),
        launch.monitor(),
        log,
        Instant.now(),
        reason,
        definition.persistent(),
        job,
        List.of(),
        List.of());
  }

  ActiveRun start(RunRecord planned) {
    LogTail tail = LogTail.of(planned.log());
    Workspace workspace = new Workspace(planned.name(), new EventRelay(), clock);
    @Nullable RunRecord[] held = new RunRecord[1];
    try {
      life.context().save(planned);
      life.context().records().saveLive(planned.uuid(), XmlWriter.write(launch.live()));
      clock.ended("record the start");
      PlanRunner runner = life.context().runner();
      Child child =
          runner.run(launch.plan(), workspace, pid -> held[0] = held(planned, pid, workspace));
      return began(held[0] == null ? planned : held[0], child, workspace, runner);
    } catch (RuntimeException e) {
      forget(planned);
      throw explained(planned, e, tail);
    } catch (IOException e) {
      forget(planned);
      throw new EngineException(
          Kind.FAILED,
          "guest '" + planned.name() + "' is not started: it cannot be recorded: " + e.getMessage(),
          e);
    }
  }

  // Before the process may run: an engine that is killed now leaves word of it.
  private RunRecord held(RunRecord planned, int pid, Workspace workspace) {
    long birth = ProcessIdentity.of(pid).map(ProcessIdentity::birth).orElse(0L);
    RunRecord known = planned.process(pid, birth);
    for (ContainerStep.Claim claim : workspace.claims()) {
      known = known.holding(claim);
    }
    life.context().save(known);
    if (!life.context().hypervisor(planned.name(), planned.type()).ownGroups()) {
      life.context().scopes().enter(planned.name(), planned.id(), pid, launch.plan());
    }
    return known;
  }

  private ActiveRun began(RunRecord record, Child child, Workspace workspace, PlanRunner runner)
      throws IOException {
    try {
      ActiveRun begun =
          new ActiveRun(life.context(), record.started(), launch.live(), hold(record, child));
      life.context().save(begun.record());
      life.begin(begun, Optional.of(workspace));
      clock.ended("record that it runs, and listen to it");
      begun.timings(clock.timings());
      return begun;
    } catch (IOException | RuntimeException e) {
      // no descriptor left, or no room for its record: what nobody would know of must not run
      child.signal(Signal.KILL);
      child.await();
      runner.undo(record.steps()).forEach(left -> e.addSuppressed(new IOException(left)));
      throw e;
    }
  }

  private ProcessHold hold(RunRecord record, Child child) throws IOException {
    if (life.context().hypervisor(record.name(), record.type())
        instanceof ForeignHypervisor foreign) {
      // the command only asks for the start: it ends, and the guest runs
      child.await().orThrow();
      child.close();
      return foreign
          .hold(record.name())
          .orElseThrow(
              () -> new EngineException(Kind.FAILED, "guest '" + record.name() + "' does not run"));
    }
    return ProcessHold.of(child);
  }

  private void forget(RunRecord record) {
    try {
      life.context().records().remove(record.uuid());
    } catch (IOException e) {
      throw new UncheckedIOException("the record of '" + record.name() + "' cannot be removed", e);
    }
  }

  // What the program said on standard error before it gave up is the reason people look for.
  private EngineException explained(RunRecord record, RuntimeException e, LogTail tail) {
    String said = tail.read();
    String why =
        DeniedExplanation.of(said, launch.plan().command()).map(text -> "\n" + text).orElse("");
    String words = (said.isEmpty() ? "" : "\n" + said) + why;
    return switch (e) {
      case EngineException known -> known;
      case StepException step ->
          new EngineException(
              Kind.FAILED,
              LeaseRefusal.explain(launch.live(), step.step(), step.getCause())
                      .orElseGet(step::getMessage)
                  + words,
              step);
      case SpawnException spawn ->
          new EngineException(
              Kind.FAILED,
              LeaseRefusal.explain(launch.live(), spawn)
                  .orElse(
                      "guest '"
                          + record.name()
                          + "' is not started: "
                          + spawn.getMessage()
                          + words),
              spawn);
      default ->
          new EngineException(
              Kind.FAILED,
              "guest '" + record.name() + "' is not started: " + e.getMessage() + words,
              e);
    };
  }
}
