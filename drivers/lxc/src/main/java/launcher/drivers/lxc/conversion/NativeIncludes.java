package launcher.drivers.lxc.conversion;

import java.io.IOException;
import java.util.List;

/** Finds what {@code lxc.include} names; a conversion opens no file itself. */
@FunctionalInterface
public interface NativeIncludes {
  /** Follows nothing. */
  NativeIncludes NONE =
      path -> {
        throw new IOException("no file is followed here");
      };

  /**
   * A file that is read in the place of the line that names it.
   *
   * @param name for problems
   */
  record Included(String name, String text) {}

  /**
   * The file of that path, or those of a folder whose names end in {@code .conf}, in the order of
   * their names (lxc.container.conf(5)).
   *
   * @throws IOException with a reason for the user, when it cannot be read
   */
  List<Included> find(String path) throws IOException;
}
