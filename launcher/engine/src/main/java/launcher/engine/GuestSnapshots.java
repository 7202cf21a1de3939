package launcher.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.snapshot.SnapshotActs;
import launcher.engine.snapshot.SnapshotWish;

/**
 * The snapshots of a guest. Internal ones lie inside its qcow2 images, with the memory of a running
 * guest; external ones leave each image as it was and put a new one above it.
 */
public final class GuestSnapshots {
  private final Guest guest;
  private final SnapshotActs acts;

  GuestSnapshots(Guest guest, Guests guests) {
    this.guest = guest;
    acts = new SnapshotActs(guest.life(), definition -> guests.keep(guest.life(), definition));
  }

  /** All that are remembered, by name. */
  public List<Snapshot> list() {
    return acts.list();
  }

  /** Whether there are any. */
  public boolean any() {
    return SnapshotActs.count(guest.life()) > 0;
  }

  /**
   * One that must be there.
   *
   * @throws EngineException when there is none of that name
   */
  public Snapshot get(String name) {
    return acts.get(name);
  }

  /** The one that the guest's present state comes from. */
  public Optional<Snapshot> current() {
    return acts.current();
  }

  /** Its XML as libvirt has it, with the guest as it was. */
  public String xml(String name) {
    return acts.xml(name);
  }

  /** Says which one the guest's present state comes from. */
  public void current(String name) {
    guest.life().act("snapshot-current", () -> acts.makeCurrent(name));
  }

  /**
   * What a snapshot would be; nothing is done.
   *
   * @throws EngineException when a disk cannot do what is asked
   */
  public String plan(SnapshotRequest request) {
    return acts.plan(request);
  }

  /**
   * Takes one. A running guest stands still for a moment and goes on; when it fails, nothing of it
   * is left and the guest goes on.
   *
   * @param progress told a few times a second
   */
  public Snapshot create(SnapshotRequest request, Consumer<JobProgress> progress) {
    if (request.quiesce()) {
      guest.life().running();
    }
    Snapshot taken =
        guest
            .life()
            .act("snapshot-create-as", () -> acts.create(request, quiescing(request), progress));
    if (request.halt() && guest.state().active()) {
      guest.destroy(false);
    }
    return taken;
  }

  /**
   * Takes one that XML describes (libvirt formatsnapshot): its name, description and disks.
   *
   * @param said the rest, which is not in the XML
   */
  public Snapshot create(String xml, SnapshotRequest said, Consumer<JobProgress> progress) {
    return create(SnapshotWish.request(SnapshotWish.read(xml), said), progress);
  }

  /**
   * Remembers one as its whole XML says; no image is touched. One of that name is replaced.
   *
   * @param current whether the guest's present state comes from it
   * @return its name
   */
  public String redefine(String xml, boolean current) {
    return guest
        .life()
        .act("snapshot-create", () -> acts.redefine(SnapshotWish.read(xml), current));
  }

  private SnapshotActs.Quiet quiescing(SnapshotRequest request) {
    return !request.quiesce()
        ? Runnable::run
        : act -> {
          guest.agent().freeze(List.of());
          try {
            act.run();
          } finally {
            guest.agent().thaw();
          }
        };
  }

  /**
   * How a guest is after it was reverted.
   *
   * @param running it runs, whatever it did then
   * @param paused it waits, whatever it did then
   * @param resetNvram its firmware's variables are as at its first start
   */
  public record RevertOptions(boolean running, boolean paused, boolean resetNvram) {
    /** As it was. */
    public static final RevertOptions AS_IT_WAS = new RevertOptions(false, false, false);
  }

  /** Makes the guest what it was; what it has become since is lost unless a snapshot holds it. */
  public void revert(String name, RevertOptions options, Consumer<JobProgress> progress) {
    guest
        .life()
        .act(
            "snapshot-revert",
            () -> {
              acts.refuseMissing(name);
              guest
                  .life()
                  .run()
                  .ifPresent(run -> {
                    run.endsFor("from snapshot");
                    new GuestEnd(guest).certainly(run);
                  });
              acts.revert(name, options, progress);
            });
    if (guest.hasManagedSave()) {
      // its memory belongs to other disks
      guest.removeManagedSave();
    }
  }

  /**
   * What goes with a snapshot.
   *
   * @param children those taken after it too
   * @param childrenOnly those only
   * @param metadataOnly what is remembered only; the images stay as they are
   */
  public record DeleteOptions(boolean children, boolean childrenOnly, boolean metadataOnly) {
    /** That one. */
    public static final DeleteOptions ONE = new DeleteOptions(false, false, false);
  }

  /** Forgets a snapshot and frees what it holds; the guest stays as it is. */
  public void delete(String name, DeleteOptions options, Consumer<JobProgress> progress) {
    guest.life().act("snapshot-delete", () -> acts.delete(name, options, progress));
  }
}
