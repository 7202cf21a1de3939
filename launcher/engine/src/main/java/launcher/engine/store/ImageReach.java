package launcher.engine.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.spawn.Confinement;
import launcher.spawn.LandlockRule;
import launcher.spawn.LandlockRule.Access;
import launcher.spawn.Programs;
import launcher.spawn.libc.Calls;

/**
 * The files that qemu-img reaches, where the kernel has Landlock; no network and no other process.
 */
final class ImageReach {
  private static final List<String> READ =
      List.of("/etc/ld.so.cache", "/etc/ld.so.preload", "/proc/self", "/sys", "/dev/urandom");

  private final List<LandlockRule> rules = new ArrayList<>();

  ImageReach() {
    Programs.FOLDERS.forEach(path -> add(Path.of(path), Access.EXECUTE));
    READ.forEach(path -> add(Path.of(path), Access.READ));
    add(Path.of("/dev/null"), Access.WRITE);
  }

  private void add(Path path, Access access) {
    rules.add(new LandlockRule(path, access, true));
  }

  /** With an image to write to. */
  ImageReach writing(Path image) {
    add(image, Access.WRITE);
    return this;
  }

  /** With files to read. */
  ImageReach reading(List<Path> files) {
    files.forEach(file -> add(file, Access.READ));
    return this;
  }

  Confinement confinement() {
    return Calls.landlockVersion() == 0
        ? Confinement.NONE
        : Confinement.NONE
            .withNoNewPrivileges(true)
            .withLandlock(rules)
            .withScope(true)
            .withoutTcp(true);
  }

  /**
   * Makes an empty file for an image.
   *
   * @return whether it was not there
   * @throws EngineException when it cannot be made, or a symbolic link has the name
   */
  static boolean begin(Path file) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return true;
    } catch (FileAlreadyExistsException there) {
      if (Files.isSymbolicLink(file)) {
        throw new EngineException(
            Kind.INVALID, "'" + file + "' is a symbolic link: name what it leads to", there);
      }
      return false;
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "image '" + file + "' cannot be made: " + EngineException.reason(e), e);
    }
  }

  /** Whether two names are of one file. */
  static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException missing) {
      return false;
    }
  }
}
