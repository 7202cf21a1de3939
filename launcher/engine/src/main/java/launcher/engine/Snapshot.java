package launcher.engine;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is remembered of a snapshot.
 *
 * @param name any text, never a path
 * @param description empty for none
 * @param parent the snapshot that was the current one when this was taken
 * @param created when
 * @param state of the guest then: {@code running}, {@code paused}, {@code shutoff}, or {@code
 *     disk-snapshot} for the disks alone of a running guest
 * @param memory whether the memory is in it
 * @param disks every disk of the guest
 * @param memoryFile where the memory lies, when it lies beside the images and not inside
 */
public record Snapshot(
    String name,
    String description,
    Optional<String> parent,
    Instant created,
    String state,
    boolean memory,
    List<Disk> disks,
    Optional<Path> memoryFile) {
  /** Copies the list. */
  public Snapshot {
    disks = List.copyOf(disks);
  }

  /** How a disk takes part. */
  public enum Mode {
    /** Not at all. */
    NO,
    /** Inside the image, which must be qcow2. */
    INTERNAL,
    /** The image stays as it was, and a new one above it takes what is written from then on. */
    EXTERNAL;

    /** The word in XML: {@code no}, {@code internal}, {@code external}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One disk.
   *
   * @param target such as {@code vda}
   * @param file the new image of an external one
   */
  public record Disk(String target, Mode mode, Optional<Path> file) {}

  /** Whether a disk has a new image above the old one, or the memory a file of its own. */
  public boolean external() {
    return memoryFile.isPresent() || disks.stream().anyMatch(disk -> disk.mode() == Mode.EXTERNAL);
  }

  /** The disks that take part in a way. */
  public List<Disk> disks(Mode mode) {
    return disks.stream().filter(disk -> disk.mode() == mode).toList();
  }

  /** The same with another parent. */
  public Snapshot under(Optional<String> other) {
    return new Snapshot(name, description, other, created, state, memory, disks, memoryFile);
  }

  /** The same with other images. */
  public Snapshot with(List<Disk> others) {
    return new Snapshot(name, description, parent, created, state, memory, others, memoryFile);
  }
}
