package launcher.engine.qmp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import jnr.posix.CmsgHdr;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/** Writes to the monitor's socket, with a descriptor where one is passed (unix(7), SCM_RIGHTS). */
final class QmpSocket {
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;

  /** Loaded with the first descriptor that is passed. */
  private static final class Posix {
    private static final POSIX INSTANCE = POSIXFactory.getNativePOSIX();
  }

  private QmpSocket() {}

  /** No write waits longer: it then fails (socket(7), SO_SNDTIMEO). */
  static void limitWrites(UnixSocketChannel channel, Duration longest) throws IOException {
    channel.setOption(UnixSocketOptions.SO_SNDTIMEO, Math.toIntExact(longest.toMillis()));
  }

  static void write(UnixSocketChannel channel, String line, int descriptor) throws IOException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    int sent = descriptor < 0 ? 0 : pass(channel, bytes, descriptor);
    ByteBuffer rest = ByteBuffer.wrap(bytes, sent, bytes.length - sent);
    while (rest.hasRemaining()) {
      if (channel.write(rest) == 0) {
        throw new IOException("QEMU does not read");
      }
    }
  }

  private static int pass(UnixSocketChannel channel, byte[] bytes, int descriptor)
      throws IOException {
    POSIX posix = Posix.INSTANCE;
    MsgHdr header = posix.allocateMsgHdr();
    ByteBuffer content = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    header.setIov(new ByteBuffer[] {content});
    CmsgHdr rights = header.allocateControl(Integer.BYTES);
    rights.setLevel(SOL_SOCKET);
    rights.setType(SCM_RIGHTS);
    rights.setData(
        ByteBuffer.allocateDirect(Integer.BYTES)
            .order(ByteOrder.nativeOrder())
            .putInt(descriptor)
            .flip());
    int sent = posix.sendmsg(channel.getFD(), header, 0);
    if (sent < 0) {
      throw new IOException("sendmsg: errno " + posix.errno());
    }
    return sent;
  }
}
