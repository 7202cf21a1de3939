package launcher.drivers.plan;

import java.nio.file.Path;

/** The checks that file steps share. */
final class Modes {
  private Modes() {}

  static void check(Path path, int permissions) {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("'" + path + "' is not an absolute path");
    }
    if (permissions < 0 || permissions > 07777) {
      throw new IllegalArgumentException(
          "Permissions are 0 to 07777, not 0" + Integer.toOctalString(permissions));
    }
  }
}
