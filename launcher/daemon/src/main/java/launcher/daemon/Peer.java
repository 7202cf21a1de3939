package launcher.daemon;

/**
 * Who is at the other end of a connection, as the kernel says (SO_PEERCRED, unix(7)).
 *
 * @param pid the process that connected
 * @param uid its effective user id then
 * @param gid its effective group id then
 */
public record Peer(int pid, int uid, int gid) {}
