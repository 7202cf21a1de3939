package launcher.engine.lxc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import launcher.spawn.libc.Calls;

/**
 * The named pipe that SysV's init is told a run level by (initctl(5)). It lies in the container, so
 * no link in it may lead out, and what is there must be a pipe and not the host's own.
 */
final class InitPipe {
  private static final List<String> PLACES = List.of("/run/initctl", "/dev/initctl");
  private static final int O_WRONLY = 1;
  private static final int O_NONBLOCK = 0x800;
  private static final int KIND = 0170000;
  private static final int PIPE = 0010000;

  /** struct init_request of sysvinit: magic number, command, run level, the rest unused. */
  private static final int REQUEST_BYTES = 384;

  private static final int MAGIC = 0x03091969;
  private static final int CHANGE_LEVEL = 1;

  private InitPipe() {}

  /**
   * Tells init a run level.
   *
   * @param level {@code 0} to halt, {@code 6} to reboot
   * @return false when the container has no such pipe, or nobody listens to it
   */
  static boolean tell(int init, char level) throws IOException {
    for (String place : PLACES) {
      OptionalInt pipe = open(init, place);
      if (pipe.isPresent()) {
        try {
          if (isContainers(pipe.getAsInt(), place)) {
            Calls.writeAll(pipe.getAsInt(), request(level));
            return true;
          }
        } finally {
          Calls.close(pipe.getAsInt());
        }
      }
    }
    return false;
  }

  private static OptionalInt open(int init, String place) {
    try {
      Path root = Path.of("/proc/" + init + "/root");
      return OptionalInt.of(Calls.openInside(root, place, O_WRONLY | O_NONBLOCK));
    } catch (Calls.CallException absent) {
      // ENOENT: no pipe; ENXIO: nobody reads it
      return OptionalInt.empty();
    }
  }

  private static boolean isContainers(int pipe, String place) throws IOException {
    Path opened = Path.of("/proc/self/fd/" + pipe);
    boolean isPipe = ((Integer) Files.getAttribute(opened, "unix:mode") & KIND) == PIPE;
    Path hosts = Path.of(place);
    return isPipe && !(Files.exists(hosts) && Files.isSameFile(opened, hosts));
  }

  private static byte[] request(char level) {
    ByteBuffer request = ByteBuffer.allocate(REQUEST_BYTES).order(ByteOrder.nativeOrder());
    return request.putInt(MAGIC).putInt(CHANGE_LEVEL).putInt(level).array();
  }
}
