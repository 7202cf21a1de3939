package launcher.engine;

import java.nio.file.Path;
import java.util.Optional;
import launcher.engine.guest.EngineContext;
import launcher.engine.saving.SavedText;

/** A saved guest: a file that {@link Guest#save} or {@link Guest#managedSave} wrote. */
public final class SavedGuest {
  private final EngineContext context;
  private final Path file;

  SavedGuest(EngineContext context, Path file) {
    this.context = context;
    this.file = file;
  }

  /**
   * What the guest is when it comes back.
   *
   * @throws EngineException when the file is no saved guest
   */
  public String xml() {
    return SavedText.read(context, file);
  }

  /**
   * Changes what it is when it comes back, such as where a disk lies now.
   *
   * @param xml of the same guest; its devices must be those that its memory knows
   * @param running whether it runs or waits then; none for as it was
   * @throws EngineException when it is another guest's, or too large for its place
   */
  public void change(String xml, Optional<Boolean> running) {
    SavedText.change(context, file, xml, running);
  }
}
