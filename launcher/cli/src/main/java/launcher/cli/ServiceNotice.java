package launcher.cli;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;

/**
 * Tells systemd, as a process of its service, that a long stop is no hang (sd_notify(3)): a
 * datagram, which the JDK's Unix sockets cannot send. Loaded only where NOTIFY_SOCKET is set: the
 * first native call costs 0.2 s.
 */
final class ServiceNotice {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

  /** struct sockaddr_un: the family, then at most this many bytes of path (unix(7)). */
  private static final int LONGEST_PATH = 108;

  /** Calls of socket(7). */
  public interface Sockets {
    /** Makes a socket. */
    int socket(int family, int type, int protocol);

    /** Sends a datagram. */
    long sendto(
        int descriptor,
        @In byte[] bytes,
        long length,
        int flags,
        @In byte[] address,
        int addressLength);

    /** Closes a descriptor. */
    int close(int descriptor);
  }

  private ServiceNotice() {}

  /**
   * The start or stop under way needs that many seconds more; without a service manager nothing is
   * told.
   */
  static void extendTimeout(long seconds) {
    String socket = System.getenv("NOTIFY_SOCKET");
    if (socket != null && !socket.isEmpty()) {
      send(socket, "EXTEND_TIMEOUT_USEC=" + seconds * 1_000_000);
    }
  }

  private static void send(String socket, String text) {
    byte[] path = socket.getBytes(StandardCharsets.UTF_8);
    if (path.length >= LONGEST_PATH) {
      return;
    }
    if (path[0] == '@') {
      path[0] = 0; // a name in the abstract namespace
    }
    byte[] address = new byte[2 + path.length];
    address[ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0 : 1] = AF_UNIX;
    System.arraycopy(path, 0, address, 2, path.length);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Sockets libc = LibraryLoader.create(Sockets.class).load("c");
    int descriptor = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
    if (descriptor >= 0) {
      // A manager that does not listen is not an error of the stop that goes on.
      long _ = libc.sendto(descriptor, bytes, bytes.length, 0, address, address.length);
      libc.close(descriptor);
    }
  }
}
