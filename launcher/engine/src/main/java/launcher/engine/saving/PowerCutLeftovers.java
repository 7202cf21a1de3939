package launcher.engine.saving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.engine.EngineException;
import launcher.engine.guest.GuestLife;

/**
 * What a managed save or a restore leaves on the disk when the whole host stops in its middle: the
 * record of the run that would tell of it is gone with the runtime folder.
 */
public final class PowerCutLeftovers {
  private PowerCutLeftovers() {}

  /**
   * Removes it. A file half written is of no use; one that was put aside belongs to a guest that
   * may have run since, and its disks are no longer those of the saved state.
   *
   * @param life a guest that does not run
   * @throws EngineException when something stays
   */
  public static void remove(GuestLife life) {
    Path whole = ManagedSave.of(life);
    try {
      for (String half : new String[] {".partial", ".used"}) {
        Files.deleteIfExists(whole.resolveSibling(whole.getFileName() + half));
      }
      ManagedSave.removeEmpty(whole);
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "what was left of a saved state beside '" + whole + "' stays: " + e.getMessage(),
          e);
    }
  }
}
