package launcher.engine.isolation;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of the host that a guest uses, as its XML names it.
 *
 * @param path absolute
 * @param use what for
 * @param override what a {@code <seclabel>} of that very source says about SELinux
 * @param owner what one says about the owner: {@code model='dac'}
 */
record HostFile(Path path, Use use, Optional<Override> override, Optional<Override> owner) {
  /** What a file is to a guest. */
  enum Use {
    /** Its own disk, to read and write. */
    IMAGE,
    /** A disk that several guests write ({@code <shareable/>}). */
    SHARED,
    /** Read only: CD-ROM, backing file, kernel. Other guests may read it too. */
    CONTENT,
    /** Something else it reads and writes: a serial port's file, a host device. */
    CHANNEL,
    /** Read only and nobody's to relabel: firmware of the distribution. */
    SYSTEM
  }

  /**
   * A source's own seclabel.
   *
   * @param relabel false to leave the file's label alone
   * @param label instead of the guest's; empty for the guest's
   */
  record Override(boolean relabel, Optional<String> label) {}

  HostFile(Path path, Use use) {
    this(path, use, Optional.empty(), Optional.empty());
  }

  /** The same file by the name that it has been resolved to. */
  HostFile at(Path real) {
    return new HostFile(real, use, override, owner);
  }

  boolean writes() {
    return use == Use.IMAGE || use == Use.SHARED || use == Use.CHANNEL;
  }
}
