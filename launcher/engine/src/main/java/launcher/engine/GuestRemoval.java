package launcher.engine;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.saving.GuestSaving;
import launcher.engine.snapshot.SnapshotActs;
import launcher.schemas.XmlElement;

/** Removes a definition and what is to go with it. */
final class GuestRemoval {
  private GuestRemoval() {}

  static void remove(GuestLife life, UndefineOptions options) {
    Definition definition = life.definition();
    Path saved = GuestSaving.managed(life);
    if (Files.exists(saved) && !options.managedSave()) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '"
              + definition.name()
              + "' has a saved state: start it, or undefine it with --managed-save");
    }
    int snapshots = SnapshotActs.count(life);
    if (snapshots > 0 && !options.snapshots()) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '"
              + definition.name()
              + "' has "
              + snapshots
              + " snapshots: delete them, or undefine it with --snapshots-metadata");
    }
    if (options.storage() && life.run().isPresent()) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '" + definition.name() + "' is running: its storage cannot be removed");
    }
    try {
      // the definition last: cut off before, the guest is still there to be undefined again
      SnapshotActs.forgetAll(life);
      for (Path file : files(definition.completed(), options)) {
        Files.deleteIfExists(file);
      }
      if (options.managedSave()) {
        GuestSaving.forget(life);
      }
      life.context().definitions().remove(definition.name());
      removeEmpty(life.context().stateFolder(definition.uuid()));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "guest '" + definition.name() + "' cannot be removed: " + EngineException.reason(e),
          e);
    }
  }

  private static void removeEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException somethingLasting) {
      return;
    }
  }

  private static List<Path> files(XmlElement domain, UndefineOptions options) {
    List<Path> files = new ArrayList<>();
    if (options.nvram()) {
      domain.value("os/nvram").filter(p -> p.startsWith("/")).map(Path::of).ifPresent(files::add);
    }
    if (options.storage()) {
      for (XmlElement disk : domain.childOrAdd("devices").children("disk")) {
        boolean others =
            disk.hasChild("readonly") || disk.hasChild("shareable") || disk.is("device", "cdrom");
        if (!others && disk.is("type", "file")) {
          disk.value("source/@file").map(Path::of).ifPresent(files::add);
        }
      }
    }
    return files;
  }
}
