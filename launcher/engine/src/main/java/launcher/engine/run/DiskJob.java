package launcher.engine.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is done with the images of a disk while the guest uses it. Remembered from its beginning, so
 * that whoever finds it at its end knows what the disk is then.
 *
 * @param id of the job in QEMU
 * @param target of the disk, such as {@code vda}
 * @param image the disk's image when it began
 * @param to the image that is written into: the copy, or the one that is committed to; empty where
 *     the disk's own is
 * @param format of {@code to}
 * @param base the first image of the chain that stays below; empty for none
 * @param node of the copy's image in QEMU
 * @param spent images that are not needed when it is over and that go then
 * @param wish what it was told at its end
 */
public record DiskJob(
    String id,
    Kind kind,
    String target,
    Path image,
    Optional<Path> to,
    String format,
    Optional<Path> base,
    String node,
    List<Path> spent,
    Wish wish) {
  public DiskJob {
    spent = List.copyOf(spent);
  }

  /** Kinds of jobs. */
  public enum Kind {
    /** What lies below the disk's image comes into it. */
    PULL("Block Pull"),
    /** An image in the middle of the chain goes into one below. */
    COMMIT("Block Commit"),
    /** The disk's own image goes into one below. */
    ACTIVE_COMMIT("Active Block Commit"),
    /** The disk is copied to another image. */
    COPY("Block Copy"),
    /** The same, without what lies below. */
    SHALLOW_COPY("Block Copy");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** What virsh calls it. */
    public String words() {
      return words;
    }

    /** Whether it goes on until it is told to end. */
    public boolean mirrors() {
      return this == ACTIVE_COMMIT || this == COPY || this == SHALLOW_COPY;
    }
  }

  /** What a job was told. */
  public enum Wish {
    /** Nothing. */
    NONE,
    /** The disk becomes what it was written to. */
    PIVOT,
    /** The disk stays what it is. */
    STOP
  }

  /** The same, told something. */
  public DiskJob told(Wish told) {
    return new DiskJob(id, kind, target, image, to, format, base, node, spent, told);
  }

  /** The same, with a node of its copy. */
  public DiskJob in(String named) {
    return new DiskJob(id, kind, target, image, to, format, base, named, spent, wish);
  }

  /** In words: {@code Block Copy for vda}. */
  public String words() {
    return kind.words() + " for " + target;
  }
}
