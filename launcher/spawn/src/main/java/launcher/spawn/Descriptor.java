package launcher.spawn;

import java.nio.file.Path;

/**
 * What stands behind a descriptor that a program inherits; symbolic, so that a command stays plain
 * data.
 */
public sealed interface Descriptor {
  /**
   * A file, opened by the executor with the spawner's rights before they are dropped.
   *
   * @param path absolute
   * @param access reading, writing, both, or appending
   * @param create make it when it is not there
   * @param truncate empty it first
   * @param permissions of a new file, octal 0 to 07777, less the umask of the spawner
   */
  record OpenFile(Path path, Access access, boolean create, boolean truncate, int permissions)
      implements Descriptor {
    public OpenFile {
      if (!path.isAbsolute()) {
        throw new IllegalArgumentException("'" + path + "' is not an absolute path");
      }
      Words.refuseNul("path", path.toString());
      if (permissions < 0 || permissions > 07777) {
        throw new IllegalArgumentException(
            "File permissions are 0 to 07777, not 0" + Integer.toOctalString(permissions));
      }
    }

    /** An existing file. */
    public OpenFile(Path path, Access access) {
      this(path, access, false, false, 0);
    }
  }

  /** How a file is opened. */
  enum Access {
    READ,
    WRITE,
    READ_WRITE,
    APPEND
  }

  /**
   * A descriptor of the spawning process, which keeps its own copy.
   *
   * @param number at least 0
   */
  record Existing(int number) implements Descriptor {
    public Existing {
      if (number < 0) {
        throw new IllegalArgumentException("A descriptor's number is at least 0, not " + number);
      }
    }
  }

  /**
   * A descriptor somebody will provide before the start: a tap, a listening socket, a monitor.
   *
   * @param name the name under which {@link CommandSpec#bind} finds it
   */
  record Named(String name) implements Descriptor {}

  /**
   * Bytes the program reads from the descriptor: a secret that must be on no command line. Sealed
   * memory without a file.
   *
   * @param bytes what it reads, from offset 0
   */
  record Content(Bytes bytes) implements Descriptor {}
}
