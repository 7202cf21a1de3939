package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.Step;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.lease.DiskLease;
import launcher.engine.lease.LeaseHolder;
import launcher.engine.lease.LockManager;
import launcher.schemas.XmlElement;

/**
 * The files of a guest that runs: lease, owner and label of a disk that comes, goes, or gets
 * another image. A disk is given to the guest before QEMU is told of it, and taken from it once
 * QEMU has let go.
 */
public final class LiveFiles {
  private final Isolation isolation;
  private final LockManager locks;
  private final Supplier<XmlElement> live;
  private final LeaseHolder holder;
  private final StepMemory memory;

  LiveFiles(
      Isolation isolation,
      LockManager locks,
      Supplier<XmlElement> live,
      LeaseHolder holder,
      StepMemory memory) {
    this.isolation = isolation;
    this.locks = locks;
    this.live = live;
    this.holder = holder;
    this.memory = memory;
  }

  /** A disk and the file that becomes its top image. */
  public record Move(XmlElement disk, Path to) {}

  /**
   * Gives the guest what a device needs; when any of it is refused, nothing is changed.
   *
   * @param device a disk, a lease, or any other device, which may need nothing
   * @throws EngineException naming the file, and who has it
   */
  public void admit(XmlElement device) {
    List<DiskLease> leases = locks.leases(holder.guest(), device);
    List<DiskLease> held = locks.leases(live.get());
    List<DiskLease> taken = new ArrayList<>();
    List<Step> before = memory.steps();
    List<Step> more = missing(before, isolation.steps(live.get(), device));
    try {
      for (DiskLease lease : leases) {
        locks.take(lease, new Labelled(lease));
        if (held.stream().noneMatch(same -> same.file().equals(lease.file()))) {
          taken.add(lease);
        }
      }
      memory.add(more);
      for (Step step : more) {
        carryOut((IsolationStep) step);
      }
      allow(device);
    } catch (RuntimeException e) {
      forbid(device, live.get(), e);
      undo(more, e);
      taken.forEach(this::giveBack);
      throw e;
    }
  }

  /** The guest's process opens some devices itself. */
  private void allow(XmlElement device) {
    try {
      devices().admit(isolation.deviceNodes(device));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the control group of guest '"
              + holder.guest()
              + "' does not take its device: "
              + EngineException.reason(e),
          e);
    }
  }

  private void forbid(XmlElement device, XmlElement remaining, RuntimeException because) {
    try {
      Set<Path> gone = isolation.paths(live.get(), device);
      gone.removeAll(isolation.paths(remaining, remaining));
      devices().dismiss(gone);
    } catch (IOException | EngineException e) {
      because.addSuppressed(e);
    }
  }

  private LiveDevices devices() {
    return new LiveDevices(memory, holder.pid());
  }

  /** What is done while a guest uses a file. */
  @FunctionalInterface
  public interface Use {
    void run() throws IOException;
  }

  /**
   * Gives the guest a file that it is handed open, for as long as it is used: SELinux asks whether
   * its process may have the descriptor. No owner changes, since nobody opens it again.
   *
   * @throws EngineException when it cannot be labelled, or its label does not come back
   */
  public void lending(Path file, Use use) throws IOException {
    Optional<Step> label = isolation.lentLabel(live.get(), file);
    if (label.isEmpty()) {
      use.run();
      return;
    }
    List<Step> lent = List.of(label.get());
    memory.add(lent);
    EngineException failed =
        new EngineException(Kind.FAILED, "the label of '" + file + "' is not given back");
    try {
      carryOut((IsolationStep) label.get());
      use.run();
    } finally {
      undo(lent, failed);
    }
    if (failed.getSuppressed().length > 0) {
      throw failed;
    }
  }

  /** A confined QEMU is not given what it may not use: the file of a lease is labelled first. */
  private final class Labelled implements LeaseHolder {
    private final DiskLease lease;

    Labelled(DiskLease lease) {
      this.lease = lease;
    }

    @Override
    public String guest() {
      return holder.guest();
    }

    @Override
    public int pid() {
      return holder.pid();
    }

    @Override
    public void keep(String name, int descriptor) {
      isolation
          .leaseLabel(live.get(), lease)
          .ifPresent(step -> {
            memory.add(List.of(step));
            carryOut((IsolationStep) step);
          });
      holder.keep(name, descriptor);
    }

    @Override
    public void drop(String name) {
      holder.drop(name);
    }
  }

  /** What was done to a file stays as it is: it may be another disk's, or a backing file now. */
  private static List<Step> missing(List<Step> known, List<? extends Step> wanted) {
    Set<String> done = known.stream().map(LiveFiles::about).collect(Collectors.toSet());
    return wanted.stream()
        .filter(step -> step instanceof IsolationStep.CheckImage || !done.contains(about(step)))
        .map(Step.class::cast)
        .toList();
  }

  private static String about(Step step) {
    return step.name() + " " + step.object();
  }

  private void carryOut(IsolationStep step) {
    try {
      IsolationSteps.carryOut(step);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "Failed at step '"
              + step.name()
              + "' of '"
              + step.object()
              + "' for guest '"
              + holder.guest()
              + "': "
              + e.getMessage(),
          e);
    }
  }

  private void undo(List<Step> done, RuntimeException because) {
    for (Step step : done.reversed()) {
      try {
        IsolationSteps.undo((IsolationStep) step);
      } catch (IOException e) {
        because.addSuppressed(e);
      }
    }
    memory.remove(done);
  }

  /**
   * Takes from the guest what a device needed that is gone, and no other of its devices needs.
   *
   * @param remaining the live definition without it
   */
  public void dismiss(XmlElement device, XmlElement remaining) {
    RuntimeException failed = new IllegalStateException("some of it could not be taken back");
    Set<String> needed =
        isolation.steps(remaining, remaining).stream()
            .map(LiveFiles::about)
            .collect(Collectors.toSet());
    Set<String> given =
        isolation.steps(live.get(), device).stream()
            .map(LiveFiles::about)
            .collect(Collectors.toSet());
    List<Step> gone =
        memory.steps().stream()
            .filter(step -> step instanceof IsolationStep)
            .filter(step -> given.contains(about(step)) && !needed.contains(about(step)))
            .toList();
    forbid(device, remaining, failed);
    undo(gone, failed);
    release(device, remaining);
    if (failed.getSuppressed().length > 0) {
      throw new EngineException(
          Kind.FAILED,
          "guest '"
              + holder.guest()
              + "' has let go of its device, but a file is not given back: "
              + failed.getSuppressed()[0].getMessage(),
          failed);
    }
  }

  private void release(XmlElement device, XmlElement remaining) {
    List<DiskLease> others = locks.leases(remaining);
    for (DiskLease lease : locks.leases(holder.guest(), device)) {
      if (others.stream().noneMatch(other -> other.file().equals(lease.file()))) {
        giveBack(lease);
      }
    }
  }

  /** The lease, and the label that its file had for this guest. */
  private void giveBack(DiskLease lease) {
    locks.release(lease, holder);
    Optional<Step> label = isolation.leaseLabel(live.get(), lease);
    if (label.isPresent() && memory.steps().contains(label.get())) {
      IllegalStateException failed = new IllegalStateException("the label of a lease stays");
      undo(List.of(label.get()), failed);
    }
  }

  /**
   * Gives disks other top images: a snapshot's, a copy's. Each new image is the guest's before it
   * is begun; when it fails, the guest has what it had. The lease of an old image is given back
   * afterwards; its owner and label stay, since it is most often read on as a backing file.
   *
   * @param moves disks of the live definition, as they still are
   * @param pivot tells QEMU; when it returns, QEMU writes to the new images
   */
  public void move(List<Move> moves, Runnable pivot) {
    List<XmlElement> done = new ArrayList<>();
    try {
      for (Move move : moves) {
        XmlElement moved = moved(move);
        admit(moved);
        done.add(moved);
      }
      pivot.run();
    } catch (RuntimeException e) {
      for (XmlElement moved : done.reversed()) {
        try {
          dismiss(moved, live.get());
        } catch (RuntimeException left) {
          e.addSuppressed(left);
        }
      }
      throw e;
    }
    XmlElement after = live.get().copy();
    after
        .child("devices")
        .ifPresent(devices -> devices.children("disk").forEach(XmlElement::detach));
    XmlElement devices = after.childOrAdd("devices");
    untouched(moves).forEach(disk -> devices.add(disk.copy()));
    done.forEach(moved -> devices.add(moved.copy()));
    moves.forEach(move -> release(move.disk(), after));
  }

  private List<XmlElement> untouched(List<Move> moves) {
    Set<String> targets =
        moves.stream()
            .map(move -> move.disk().value("target/@dev", ""))
            .collect(Collectors.toSet());
    return live.get().at("devices").map(all -> all.children("disk")).orElse(List.of()).stream()
        .filter(disk -> !targets.contains(disk.value("target/@dev", "")))
        .toList();
  }

  private static XmlElement moved(Move move) {
    XmlElement disk = move.disk().copy();
    Optional<XmlElement> old = disk.child("source");
    old.ifPresent(XmlElement::detach);
    disk.set("type", "file");
    disk.add("source").set("file", move.to().toString());
    return disk;
  }
}
