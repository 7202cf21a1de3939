package launcher.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Whether a peer is in a group, by the groups that the kernel knew when it connected. Who has been
 * added to the group since has to log in anew, as for everything else.
 *
 * @param groupFile the group database (group(5))
 * @param group the name of the group
 */
record GroupMembers(Path groupFile, String group) implements Predicate<Peer> {

  @Override
  public boolean test(Peer peer) {
    int gid = gid();
    return gid >= 0 && (peer.gid() == gid || peer.groups().contains(gid));
  }

  /** Read at each call: an administrator adds the group while the daemon runs. */
  private int gid() {
    try {
      for (String line : Files.readAllLines(groupFile)) {
        String[] fields = line.split(":", 4);
        if (fields.length >= 3 && fields[0].equals(group)) {
          return Integer.parseInt(fields[2]);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return -1; // no group database: nobody is in the group
    }
    return -1;
  }
}
