package launcher.spawn;

import java.nio.file.Path;

/**
 * What a program may do below a path; everything no rule allows is denied (landlock(7), Linux 5.13
 * and later).
 *
 * @param path absolute, existing; a folder's rule holds for all below it
 * @param access what is allowed
 * @param optional true when a missing path is no failure (there is nothing to allow then)
 * @param exact true when a symbolic link anywhere on the way is a failure: a path that was resolved
 *     before must still be what it was
 */
public record LandlockRule(Path path, Access access, boolean optional, boolean exact) {
  public LandlockRule {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("The Landlock path '" + path + "' is not absolute");
    }
    Words.refuseNul("path", path.toString());
  }

  /** A rule for a path that must be there. */
  public LandlockRule(Path path, Access access) {
    this(path, access, false, false);
  }

  /** A rule that follows symbolic links. */
  public LandlockRule(Path path, Access access, boolean optional) {
    this(path, access, optional, false);
  }

  /** How much a rule allows. */
  public enum Access {
    /** Read files, list folders. */
    READ,
    /** Read and execute: programs, their loader, modules. */
    EXECUTE,
    /** Read and write existing files, truncate them, use devices. */
    WRITE,
    /** Read, write, make, rename and remove: a folder of the program's own. */
    MANAGE
  }
}
