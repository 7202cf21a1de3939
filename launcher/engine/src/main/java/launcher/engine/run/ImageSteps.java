package launcher.engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import launcher.drivers.plan.ImageStep;
import launcher.engine.EngineException;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.ImageTool;
import launcher.spawn.Spawner;

/** Makes images and removes them; what lies under their names and is another's stays. */
final class ImageSteps {
  private static final int OWNER_ONLY = 0700;

  private final ImageTool tool;

  ImageSteps(Spawner spawner) {
    tool = new ImageTool(spawner);
  }

  void carryOut(ImageStep step) throws IOException {
    switch (step) {
      case ImageStep.MakeOverlay overlay -> make(overlay);
    }
  }

  void undo(ImageStep step) throws IOException {
    switch (step) {
      case ImageStep.MakeOverlay overlay -> remove(overlay);
    }
  }

  private void make(ImageStep.MakeOverlay step) throws IOException {
    if (Files.exists(step.path(), LinkOption.NOFOLLOW_LINKS) && !isOurs(step)) {
      throw new NothingDone(
          "there is a file of that name already, which is none of launcher's: move it away");
    }
    AtomicFile.folder(step.note().resolveSibling(""), OWNER_ONLY);
    AtomicFile.write(step.note(), step.path().toString());
    Files.deleteIfExists(step.path());
    try {
      tool.create(step.path(), step.base(), step.format(), 0);
    } catch (EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static boolean isOurs(ImageStep.MakeOverlay step) throws IOException {
    Path note = step.note();
    return Files.exists(note) && Files.readString(note).equals(step.path().toString());
  }

  private static void remove(ImageStep.MakeOverlay step) throws IOException {
    if (isOurs(step)) {
      Files.deleteIfExists(step.path());
      AtomicFile.delete(step.note());
    }
  }
}
