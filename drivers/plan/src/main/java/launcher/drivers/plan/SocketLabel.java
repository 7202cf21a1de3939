package launcher.drivers.plan;

/**
 * The SELinux labels of a Unix socket that launcher makes for a guest: the kernel asks about both
 * when somebody connects.
 *
 * @param socket of the socket itself, which is that of the process that is to take connections
 * @param file of its name in the file system
 */
public record SocketLabel(String socket, String file) {}
