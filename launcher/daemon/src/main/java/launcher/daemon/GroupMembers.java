package launcher.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whether a peer is in a group: by the group id it connected with, or by the supplementary groups
 * the kernel shows for its process. A process that has ended since is known by its group id only.
 *
 * @param groupFile the group database (group(5))
 * @param group the name of the group
 */
record GroupMembers(Path groupFile, String group) implements Predicate<Peer> {

  @Override
  public boolean test(Peer peer) {
    int gid = gid();
    return gid >= 0 && (peer.gid() == gid || supplementary(peer).contains(Integer.toString(gid)));
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

  /** The Groups line of proc_pid_status(5), if the process is still the peer's. */
  private static List<String> supplementary(Peer peer) {
    try {
      List<String> groups = List.of();
      boolean same = false;
      for (String line : Files.readAllLines(Path.of("/proc", "" + peer.pid(), "status"))) {
        if (line.startsWith("Uid:")) {
          same = List.of(line.substring(4).trim().split("\\s+")).contains("" + peer.uid());
        } else if (line.startsWith("Groups:")) {
          groups = List.of(line.substring(7).trim().split("\\s+"));
        }
      }
      return same ? groups : List.of();
    } catch (IOException e) {
      return List.of(); // the process has ended
    }
  }
}
