package launcher.engine;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException.Kind;
import launcher.engine.disk.OverlayXml;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.saving.ManagedSave;
import launcher.engine.snapshot.SnapshotActs;
import launcher.engine.store.DefinitionStore;
import launcher.engine.store.FileTree;
import launcher.schemas.XmlElement;

/** Removes a definition and what is to go with it. */
final class GuestRemoval {
  private GuestRemoval() {}

  static void remove(GuestLife life, UndefineOptions asked) {
    Definition definition = life.definition();
    UndefineOptions options = asked.with(targets(definition, asked));
    Path saved = ManagedSave.of(life);
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
    boolean images = options.storage() || options.tpm() || !options.disks().isEmpty();
    if (images && life.run().isPresent()) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '" + definition.name() + "' is running: its storage cannot be removed");
    }
    DefinitionStore store = life.context().definitions();
    try {
      // remembered first, the definition last: cut off between, the next engine goes on with it
      if (store.holds(definition.name())) {
        store.removing(definition.name(), options.words());
      }
      SnapshotActs.forgetAll(life);
      for (Path file : files(definition.completed(), options)) {
        Files.deleteIfExists(file);
      }
      if (options.managedSave()) {
        ManagedSave.forget(life);
      }
      if (options.tpm()) {
        for (String version : List.of("tpm1.2", "tpm2")) {
          FileTree.remove(life.context().stateFolder(definition.uuid()).resolve(version));
        }
      }
      store.remove(definition.name());
      removeEmpty(life.context().stateFolder(definition.uuid()));
    } catch (IOException e) {
      stays(store, definition.name(), e);
      throw new EngineException(
          Kind.FAILED,
          "guest '" + definition.name() + "' cannot be removed: " + EngineException.reason(e),
          e);
    }
  }

  /** Disks by their targets, whatever they were called by. */
  private static List<String> targets(Definition definition, UndefineOptions asked) {
    List<String> targets = new ArrayList<>();
    for (String word : asked.disks()) {
      XmlElement disk = OverlayXml.named(definition.name(), definition.completed(), word);
      if (!disk.is("type", "file")) {
        throw new EngineException(
            Kind.INVALID, "disk '" + word + "' lies in no file that could be removed");
      }
      targets.add(disk.value("target/@dev", ""));
    }
    return targets;
  }

  private static void stays(DefinitionStore store, String name, IOException why) {
    try {
      store.staying(name);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /** What was to go with a guest whose removal was cut off; empty when none was. */
  static Optional<UndefineOptions> begun(GuestLife life) {
    String name = life.definition().name();
    try {
      return life.context().definitions().removing(name).map(UndefineOptions::of);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "whether guest '" + name + "' was to be removed cannot be read: " + e.getMessage(),
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
      Definition.nvram(domain).ifPresent(files::add);
    }
    if (options.storage() || !options.disks().isEmpty()) {
      for (XmlElement disk : domain.childOrAdd("devices").children("disk")) {
        boolean others =
            disk.hasChild("readonly") || disk.hasChild("shareable") || disk.is("device", "cdrom");
        boolean named = options.disks().contains(disk.value("target/@dev", ""));
        if ((named || options.storage() && !others) && disk.is("type", "file")) {
          disk.value("source/@file").map(Path::of).ifPresent(files::add);
        }
      }
    }
    return files;
  }
}
