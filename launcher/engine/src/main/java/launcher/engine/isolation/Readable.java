package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import launcher.spawn.Identity;

/**
 * Who may read a file by its mode (path_resolution(7), permissions); access lists are not looked
 * at.
 */
final class Readable {
  private static final int READ = 4;

  private Readable() {}

  static boolean by(Identity who, Path file) {
    return allows(who, file, READ);
  }

  /**
   * Whether the mode of one file or folder gives that user these bits: 4 read, 2 write, 1 execute
   * or search.
   */
  static boolean allows(Identity who, Path file, int bits) {
    try {
      Map<String, Object> found = Files.readAttributes(file, "unix:uid,gid,mode");
      int mode = (Integer) found.getOrDefault("mode", 0);
      long gid = ((Integer) found.getOrDefault("gid", -1)).longValue();
      if (Integer.valueOf((int) who.uid()).equals(found.get("uid"))) {
        return (mode >> 6 & bits) == bits;
      }
      boolean member = gid == who.gid() || who.groups().contains(gid);
      return ((member ? mode >> 3 : mode) & bits) == bits;
    } catch (IOException unknown) {
      return false;
    }
  }
}
