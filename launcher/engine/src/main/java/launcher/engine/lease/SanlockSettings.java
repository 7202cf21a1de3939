package launcher.engine.lease;

import java.nio.file.Path;

/**
 * What the administrator says of sanlock(8).
 *
 * @param host number of this host, 1 to 2000, another on every host that shares the storage
 * @param folder on the storage that the hosts share, where leases lie, one file of 1 MiB each
 * @param timeoutSeconds how long one read or write of that storage may take; 0 for sanlock's own 10
 * @param daemon folder of the daemon's socket, usually {@code /run/sanlock}
 */
public record SanlockSettings(int host, Path folder, int timeoutSeconds, Path daemon) {
  /** The most hosts that a lockspace of 512-byte sectors has room for. */
  public static final int MOST_HOSTS = 2000;

  /** The only lockspace of launcher's own. */
  static final String LOCKSPACE = "__LAUNCHER__DISKS__";

  public SanlockSettings {
    if (host < 1 || host > MOST_HOSTS) {
      throw new IllegalArgumentException("A host's number is 1 to " + MOST_HOSTS + ", not " + host);
    }
  }

  Path lockspace() {
    return folder.resolve(LOCKSPACE);
  }
}
