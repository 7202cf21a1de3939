package launcher.engine.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestSnapshots.RevertOptions;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.store.AtomicFile;
import launcher.schemas.XmlElement;

/**
 * What a guest becomes again beside its disks: its definition and its firmware's variables.
 *
 * @param life the guest, which does not run
 * @param entry the snapshot it goes back to
 */
record SnapshotRevert(GuestLife life, SnapshotStore.Entry entry, RevertOptions options) {
  private String guest() {
    return life.definition().name();
  }

  void refuseTransient() {
    if (!life.definition().persistent() || entry.written().isEmpty()) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '" + guest() + "' is transient and cannot be reverted: define it");
    }
  }

  /**
   * The definition as it was.
   *
   * @throws EngineException when the guest had another name then
   */
  Definition former() {
    XmlElement completed = entry.inactive();
    if (!completed.value("name", "").equals(guest())) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '"
              + guest()
              + "' was called '"
              + completed.value("name", "")
              + "' when snapshot '"
              + entry.snapshot().name()
              + "' was taken: rename it back first");
    }
    return Definition.of(entry.written(), completed, true);
  }

  /** Brings the firmware's variables back, or has the next start make them from their template. */
  void variables() {
    Optional<Path> place = Definition.nvram(life.definition().completed());
    if (place.isEmpty()) {
      return;
    }
    if (options.resetNvram()) {
      try {
        AtomicFile.delete(place.get());
      } catch (IOException e) {
        throw new EngineException(
            Kind.FAILED,
            "the firmware's variables cannot be reset: " + EngineException.reason(e),
            e);
      }
    } else {
      entry.nvram().ifPresent(saved -> SnapshotStore.restore(saved, place.get()));
    }
  }
}
