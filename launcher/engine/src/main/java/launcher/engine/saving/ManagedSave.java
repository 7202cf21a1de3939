package launcher.engine.saving;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.engine.guest.GuestLife;
import launcher.engine.store.AtomicFile;

/** The saved state that a guest's next start takes by itself. */
public final class ManagedSave {
  private ManagedSave() {}

  /**
   * Where a guest's managed save lies: in a folder that no guest can write in, since its head says
   * what is started.
   */
  public static Path of(GuestLife life) {
    return life.context().savedFolder(life.definition().uuid()).resolve("managed.save");
  }

  /** Removes a guest's managed save, if it has one. */
  public static void forget(GuestLife life) throws IOException {
    AtomicFile.delete(of(life));
    removeEmpty(of(life));
  }

  /** The folder is the file's alone, unless somebody put more there or mounted something on it. */
  static void removeEmpty(Path managed) throws IOException {
    Path folder = managed.resolveSibling("");
    try {
      Files.deleteIfExists(folder);
    } catch (FileSystemException somethingLasting) {
      return;
    }
  }
}
