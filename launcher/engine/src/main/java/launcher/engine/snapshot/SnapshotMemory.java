package launcher.engine.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestSnapshots.RevertOptions;
import launcher.engine.GuestState.Phase;
import launcher.engine.JobProgress;
import launcher.engine.RestoreOptions;
import launcher.engine.Snapshot;
import launcher.engine.Snapshot.Mode;
import launcher.engine.disk.OverlayXml;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.saving.GuestMemory;
import launcher.engine.saving.GuestRestoring;
import launcher.engine.store.AtomicFile;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;

/**
 * The memory of a snapshot in a file beside the images: a saved guest, whose disks are those below
 * the new images. The guest stands still from the first byte of its memory until its disks have
 * changed over.
 *
 * @param life the guest, held by its lock
 */
record SnapshotMemory(GuestLife life) {
  private static final String RUNNING = "running";

  /** Writes the memory, if the snapshot has a file for it, and then does the rest. */
  void around(Snapshot snapshot, Consumer<JobProgress> progress, Runnable rest) {
    if (snapshot.memoryFile().isEmpty()) {
      rest.run();
      return;
    }
    LiveGuest guest = LiveGuest.of(life);
    boolean runs = snapshot.state().equals(RUNNING);
    try {
      GuestMemory.write(life, guest.qemu(), snapshot.memoryFile().get(), runs, progress);
      rest.run();
    } catch (RuntimeException e) {
      takeBack(snapshot, e);
      goOn(guest, runs);
      throw e;
    }
    goOn(guest, runs);
  }

  private static void goOn(LiveGuest guest, boolean runs) {
    if (runs && guest.qemu().state().phase() == Phase.PAUSED) {
      guest.qemu().resume();
    }
  }

  private void takeBack(Snapshot snapshot, RuntimeException because) {
    try {
      remove(snapshot);
    } catch (EngineException e) {
      because.addSuppressed(e);
    }
  }

  /** What a launcher that was killed was writing is written no further. */
  void stop(Snapshot snapshot) {
    if (snapshot.memoryFile().isPresent() && life.run().isPresent()) {
      LiveGuest.of(life).monitor().tryAsk("migrate_cancel", Props.empty(), QemuMonitor.QUESTION);
    }
  }

  /** Whether the file has all of the memory; it gets its name last. */
  boolean isWhole(Snapshot snapshot) {
    return snapshot.memoryFile().isEmpty() || Files.exists(snapshot.memoryFile().get());
  }

  /** What a launcher that was killed began is over: the guest goes on. */
  void settled(Snapshot snapshot, boolean taken) {
    if (snapshot.memoryFile().isEmpty()) {
      return;
    }
    if (!taken) {
      remove(snapshot);
    }
    if (life.run().isPresent()) {
      goOn(LiveGuest.of(life), snapshot.state().equals(RUNNING));
    }
  }

  /** Removes the file, whole or not. */
  void remove(Snapshot snapshot) {
    if (snapshot.memoryFile().isEmpty()) {
      return;
    }
    Path file = snapshot.memoryFile().get();
    try {
      AtomicFile.delete(file);
      Files.deleteIfExists(GuestMemory.partial(file));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the memory '"
              + file
              + "' of snapshot '"
              + snapshot.name()
              + "' cannot be removed: "
              + EngineException.reason(e),
          e);
    }
  }

  /** Starts the guest as it was, on the images that now stand above those it had then. */
  void bringBack(SnapshotStore.Entry entry, RevertOptions options, Consumer<JobProgress> progress) {
    Snapshot snapshot = entry.snapshot();
    XmlElement live = entry.domain();
    for (Snapshot.Disk disk : snapshot.disks(Mode.EXTERNAL)) {
      XmlElement device = SnapshotDisks.disk(life.definition().name(), live, disk.target());
      OverlayXml.put(device, disk.file().orElseThrow());
    }
    Optional<Boolean> runs =
        options.running()
            ? Optional.of(true)
            : options.paused() ? Optional.of(false) : Optional.empty();
    GuestRestoring.restore(
        life,
        snapshot.memoryFile().orElseThrow(),
        new RestoreOptions(false, runs, Optional.of(XmlWriter.write(live))),
        progress);
  }
}
