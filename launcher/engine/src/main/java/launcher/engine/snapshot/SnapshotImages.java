package launcher.engine.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.Snapshot;
import launcher.engine.Snapshot.Mode;
import launcher.engine.disk.OverlayXml;
import launcher.engine.guest.GuestLife;
import launcher.engine.store.ImageTool;
import launcher.schemas.XmlElement;

/** The images that a guest's snapshots made: none is ever left without an owner. */
final class SnapshotImages {
  private final GuestLife life;
  private final SnapshotStore store;
  private final ImageTool tool;

  SnapshotImages(GuestLife life, SnapshotStore store, ImageTool tool) {
    this.life = life;
    this.store = store;
    this.tool = tool;
  }

  /**
   * A disk's image before a snapshot.
   *
   * @param format such as {@code qcow2}
   */
  record Base(Path file, String format) {
    static Base of(SnapshotStore.Entry entry, String target) {
      XmlElement disk =
          OverlayXml.disk(entry.domain(), target)
              .orElseThrow(() ->
                  new EngineException(
                      Kind.FAILED, "snapshot '" + entry.snapshot().name() + "' has no " + target));
      return of(disk);
    }

    static Base of(XmlElement disk) {
      return new Base(OverlayXml.image(disk).orElseThrow(), disk.value("driver/@type", "raw"));
    }
  }

  /**
   * Makes an image above another one; it is remembered first.
   *
   * @param bytes the size of the disk; 0 for that of the one below
   */
  void create(Path overlay, Base base, long bytes) {
    Set<Path> made = store.made();
    made.add(overlay);
    store.made(made);
    tool.create(overlay, base.file(), base.format(), bytes);
  }

  /** Removes those of the images that were just made; what a user had prepared stays. */
  void takeBack(List<Path> images) {
    Set<Path> made = store.made();
    remove(images.stream().filter(made::contains).toList());
    if (made.removeAll(images)) {
      store.made(made);
    }
  }

  /** The images of a snapshot are the user's own from now on. */
  void release(Snapshot snapshot) {
    Set<Path> made = store.made();
    boolean changed = false;
    for (Snapshot.Disk disk : snapshot.disks(Mode.EXTERNAL)) {
      changed |= made.remove(disk.file().orElseThrow());
    }
    if (changed) {
      store.made(made);
    }
  }

  /** Removes the images that nothing needs any more. */
  void sweep() {
    Set<Path> kept = store.made();
    Set<Path> gone = new HashSet<>(kept);
    gone.removeAll(needed());
    if (!gone.isEmpty()) {
      remove(List.copyOf(gone));
      kept.removeAll(gone);
      store.made(kept);
    }
  }

  private Set<Path> needed() {
    Set<Path> needed = new HashSet<>(present());
    life.run().ifPresent(run -> needed.addAll(of(run.live())));
    for (SnapshotStore.Entry entry : store.all()) {
      needed.addAll(of(entry.domain()));
      needed.addAll(of(entry.inactive()));
      entry.snapshot().disks().forEach(disk -> disk.file().ifPresent(needed::add));
    }
    return needed;
  }

  /** The images that the guest's definition names. */
  List<Path> present() {
    return of(life.definition().completed());
  }

  private static List<Path> of(XmlElement domain) {
    List<Path> files = new ArrayList<>();
    for (XmlElement disk : domain.copy().childOrAdd("devices").children("disk")) {
      OverlayXml.image(disk).ifPresent(files::add);
    }
    return files;
  }

  private static void remove(List<Path> made) {
    for (Path file : made) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // the failure that brought us here is the one to report
        return;
      }
    }
  }
}
