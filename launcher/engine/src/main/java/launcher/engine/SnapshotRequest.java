package launcher.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What snapshot somebody wants.
 *
 * @param name none for the seconds since 1970
 * @param description empty for none
 * @param diskOnly the disks without the memory, each with a new image above it
 * @param quiesce the guest's agent freezes its file systems meanwhile
 * @param halt the guest is powered off afterwards
 * @param reuse images that are there already are used for external disks
 * @param metadata whether anything is remembered of it
 * @param disks what is said of single disks
 * @param memoryFile where the memory goes beside the images, each of which gets a new one above it;
 *     none for the memory inside the images
 */
public record SnapshotRequest(
    Optional<String> name,
    String description,
    boolean diskOnly,
    boolean quiesce,
    boolean halt,
    boolean reuse,
    boolean metadata,
    List<DiskWish> disks,
    Optional<Path> memoryFile) {
  /** Copies the list. */
  public SnapshotRequest {
    disks = List.copyOf(disks);
  }

  /** With the memory inside the images, or without it. */
  public SnapshotRequest(
      Optional<String> name,
      String description,
      boolean diskOnly,
      boolean quiesce,
      boolean halt,
      boolean reuse,
      boolean metadata,
      List<DiskWish> disks) {
    this(name, description, diskOnly, quiesce, halt, reuse, metadata, disks, Optional.empty());
  }

  /** Whether each disk gets a new image above it, where nothing else is said of it. */
  public boolean newImages() {
    return diskOnly || memoryFile.isPresent();
  }

  /**
   * A wish for one disk.
   *
   * @param disk its target, or the path of its image
   * @param mode none for the usual one
   * @param file the new image of an external one
   */
  public record DiskWish(String disk, Optional<Snapshot.Mode> mode, Optional<Path> file) {}

  /** All that a guest is, under a name. */
  public static SnapshotRequest named(String name) {
    return new SnapshotRequest(Optional.of(name), "", false, false, false, false, true, List.of());
  }

  /** The disks alone, under a name. */
  public static SnapshotRequest disksOnly(String name) {
    return new SnapshotRequest(Optional.of(name), "", true, false, false, false, true, List.of());
  }

  /** The same with a name, a description and wishes for disks. */
  public SnapshotRequest with(
      Optional<String> otherName,
      String otherDescription,
      boolean otherDiskOnly,
      List<DiskWish> otherDisks) {
    return new SnapshotRequest(
        otherName,
        otherDescription,
        otherDiskOnly,
        quiesce,
        halt,
        reuse,
        metadata,
        otherDisks,
        memoryFile);
  }

  /** The same with its memory in a file. */
  public SnapshotRequest withMemory(Path file) {
    return new SnapshotRequest(
        name, description, diskOnly, quiesce, halt, reuse, metadata, disks, Optional.of(file));
  }
}
