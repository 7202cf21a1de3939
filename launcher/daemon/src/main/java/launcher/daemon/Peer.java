package launcher.daemon;

import java.util.Set;

/**
 * Who is at the other end of a connection, as the kernel says (SO_PEERCRED, SO_PEERGROUPS,
 * unix(7)): what held when it connected, whatever its process has become since.
 *
 * @param pid the process that connected
 * @param uid its effective user id then
 * @param gid its effective group id then
 * @param groups its supplementary groups then
 */
public record Peer(int pid, int uid, int gid, Set<Integer> groups) {
  public Peer {
    groups = Set.copyOf(groups);
  }
}
