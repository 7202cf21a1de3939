package launcher.engine.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import launcher.drivers.plan.ContainerStep;
import launcher.drivers.plan.DescriptorStep;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.HostDeviceStep;
import launcher.drivers.plan.ImageStep;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.LeaseStep;
import launcher.drivers.plan.LinkStep;
import launcher.drivers.plan.MonitorStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.SecretStep;
import launcher.drivers.plan.Step;
import launcher.engine.device.HostDevices;
import launcher.engine.isolation.IsolationSteps;
import launcher.engine.lease.LeaseSteps;
import launcher.engine.network.GuestLinks;
import launcher.engine.qmp.EventRelay;
import launcher.engine.qmp.QmpClient;
import launcher.engine.qmp.QmpException;
import launcher.engine.secret.SecretStore;
import launcher.spawn.Child;
import launcher.spawn.HeldChild;
import launcher.spawn.Signal;
import launcher.spawn.Spawner;

/**
 * Carries a plan out, step by step; when one fails, takes back those before it, the last one first.
 * A step type is a record of {@code launcher.drivers.plan} and a case in its family's handler here.
 */
public final class PlanRunner {
  private final Spawner spawner;
  private final GuestLinks links;
  private final ContainerSteps containers;
  private final LeaseSteps leases;
  private final HelperSteps helpers;
  private final SecretSteps secrets;
  private final HostDevices devices;
  private final ImageSteps images;

  /** With the one door to processes, and what guests are told in confidence. */
  public PlanRunner(Spawner spawner, SecretStore store) {
    this.spawner = spawner;
    helpers = new HelperSteps(spawner, store);
    secrets = new SecretSteps(store);
    links = new GuestLinks(spawner);
    containers = new ContainerSteps(spawner);
    leases = new LeaseSteps(spawner);
    devices = new HostDevices(spawner);
    images = new ImageSteps(spawner);
  }

  /**
   * Starts what the plan says.
   *
   * @param held told the process's id while it waits, so that it is known before it runs
   * @return the running process; the monitor, if any, is in the workspace
   * @throws StepException when a step fails
   * @throws launcher.spawn.SpawnException when the process does not start
   */
  public Child run(Plan plan, Workspace workspace, IntConsumer held) {
    List<Step> done = new ArrayList<>();
    try {
      all(plan.prepare(), workspace, done);
      return process(plan, workspace, held, done);
    } catch (RuntimeException e) {
      workspace.close();
      undo(done, e);
      throw e;
    }
  }

  private Child process(Plan plan, Workspace workspace, IntConsumer held, List<Step> done) {
    Child child;
    try (HeldChild waiting = spawner.hold(workspace.complete(plan.command()))) {
      workspace.clock().ended("start the process, until it is dressed and waits");
      held.accept(waiting.pid());
      workspace.held(waiting.pid());
      workspace.clock().ended("record the process");
      all(plan.whileHeld(), workspace, done);
      done.addAll(workspace.claims());
      child = waiting.go();
      workspace.clock().ended("let it become the program");
    }
    workspace.close();
    workspace.started(child);
    try {
      all(plan.afterStart(), workspace, done);
      return child;
    } catch (RuntimeException e) {
      workspace.monitor().ifPresent(QmpClient::close);
      child.signal(Signal.KILL);
      child.await();
      child.close();
      throw e;
    }
  }

  private void all(List<Step> steps, Workspace workspace, List<Step> done) {
    for (Step step : steps) {
      // before it is carried out: half a step is taken back too
      boolean touches = !(step instanceof ContainerStep.Claim);
      if (touches) {
        done.add(step);
      }
      try {
        carryOut(step, workspace);
      } catch (StepException e) {
        if (touches && e.getCause() instanceof NothingDone) {
          done.removeLast();
        }
        throw e;
      }
      workspace.clock().ended(step.words());
    }
  }

  private void carryOut(Step step, Workspace workspace) {
    try {
      switch (step) {
        case FileStep file -> FileSteps.carryOut(file);
        case DescriptorStep descriptor -> DescriptorSteps.carryOut(descriptor, workspace);
        case LinkStep link -> links.carryOut(link, workspace);
        case MonitorStep monitor -> MonitorSteps.carryOut(monitor, workspace);
        case IsolationStep isolation -> IsolationSteps.carryOut(isolation, workspace.heldPid());
        case ContainerStep container -> containers.carryOut(container, workspace);
        case LeaseStep lease -> leases.carryOut(lease, workspace.heldPid());
        case HelperStep helper -> helpers.carryOut(helper);
        case HostDeviceStep device -> devices.carryOut(device);
        case ImageStep image -> images.carryOut(image);
        case SecretStep secret -> secrets.carryOut(secret, workspace);
      }
    } catch (IOException e) {
      throw new StepException(step, workspace.guest(), FileSteps.reason(e), e);
    } catch (QmpException e) {
      throw new StepException(step, workspace.guest(), String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Takes one step of a guest that runs.
   *
   * @throws StepException when it fails; what it has begun is not taken back yet
   */
  void take(Step step, String guest) {
    carryOut(step, new Workspace(guest, new EventRelay()));
  }

  private void undo(List<Step> done, RuntimeException because) {
    for (Step step : done.reversed()) {
      try {
        undo(step);
      } catch (IOException | RuntimeException e) {
        because.addSuppressed(e);
      }
    }
  }

  /**
   * Takes back the steps of a start, the last one first, as far as possible.
   *
   * @return what could not be taken back, in words
   */
  public List<String> undo(List<Step> steps) {
    List<String> left = new ArrayList<>();
    for (Step step : steps.reversed()) {
      try {
        undo(step);
      } catch (IOException e) {
        left.add(step.undo() + " '" + step.object() + "': " + FileSteps.reason(e));
      } catch (RuntimeException e) {
        left.add(step.undo() + " '" + step.object() + "': " + e.getMessage());
      }
    }
    return left;
  }

  private void undo(Step step) throws IOException {
    switch (step) {
      case FileStep file -> FileSteps.undo(file);
      case DescriptorStep descriptor -> DescriptorSteps.undo(descriptor);
      case LinkStep link -> links.undo(link);
      case IsolationStep isolation -> IsolationSteps.undo(isolation);
      case MonitorStep monitor -> {
        // ends with the process
      }
      case ContainerStep container -> containers.undo(container);
      case LeaseStep lease -> {
        // ends with the process
      }
      case HelperStep helper -> HelperSteps.undo(helper);
      case HostDeviceStep device -> devices.undo(device);
      case ImageStep image -> images.undo(image);
      case SecretStep secret -> SecretSteps.undo(secret);
    }
  }
}
