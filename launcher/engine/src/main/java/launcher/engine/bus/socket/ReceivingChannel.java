package launcher.engine.bus.socket;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jnr.posix.CmsgHdr;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.unixsocket.UnixSocketChannel;

/**
 * A socket whose reads keep the file descriptors that arrive with the bytes (unix(7), SCM_RIGHTS).
 */
final class ReceivingChannel extends SocketChannel {
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int EINTR = 4;

  /** recvmsg(2): the new descriptors are closed in every child. */
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;

  /** A bus passes no more with one message (D-Bus specification, limits of dbus-daemon). */
  private static final int MOST_DESCRIPTORS = 16;

  private final UnixSocketChannel socket;
  private final POSIX posix = POSIXFactory.getNativePOSIX();
  private final List<Integer> descriptors = new ArrayList<>();

  ReceivingChannel(UnixSocketChannel socket) {
    super(socket.provider());
    this.socket = socket;
  }

  /** What came since the last call; whoever takes them closes them. */
  synchronized List<Integer> takeDescriptors() {
    List<Integer> taken = List.copyOf(descriptors);
    descriptors.clear();
    return taken;
  }

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining());
    MsgHdr message = posix.allocateMsgHdr();
    message.setIov(new ByteBuffer[] {direct});
    message.allocateControl(MOST_DESCRIPTORS * Integer.BYTES);
    int count = receive(message);
    if (count == 0) {
      return -1;
    }
    keepDescriptors(message);
    direct.position(0).limit(count);
    bytes.put(direct);
    return count;
  }

  private int receive(MsgHdr message) throws IOException {
    while (true) {
      int count = posix.recvmsg(socket.getFD(), message, MSG_CMSG_CLOEXEC);
      if (count >= 0) {
        return count;
      }
      int errno = posix.errno();
      if (errno != EINTR) {
        throw new IOException("The bus cannot be read: " + posix.strerror(errno));
      }
    }
  }

  private synchronized void keepDescriptors(MsgHdr message) {
    if (message.getControlLen() == 0) {
      return;
    }
    for (CmsgHdr control : message.getControls()) {
      if (control.getLevel() == SOL_SOCKET && control.getType() == SCM_RIGHTS) {
        ByteBuffer data = control.getData().order(ByteOrder.nativeOrder());
        while (data.remaining() >= Integer.BYTES) {
          descriptors.add(data.getInt());
        }
      }
    }
  }

  @Override
  public long read(ByteBuffer[] buffers, int offset, int length) throws IOException {
    return read(buffers[offset]);
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    return socket.write(bytes);
  }

  @Override
  public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
    return socket.write(buffers, offset, length);
  }

  @Override
  protected void implCloseSelectableChannel() throws IOException {
    socket.close();
  }

  @Override
  protected void implConfigureBlocking(boolean block) throws IOException {
    socket.configureBlocking(block);
  }

  @Override
  public SocketChannel bind(SocketAddress local) throws IOException {
    socket.bind(local);
    return this;
  }

  @Override
  public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
    socket.setOption(name, value);
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return socket.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return socket.supportedOptions();
  }

  @Override
  public SocketChannel shutdownInput() throws IOException {
    socket.shutdownInput();
    return this;
  }

  @Override
  public SocketChannel shutdownOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  @Override
  public Socket socket() {
    return socket.socket();
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public boolean isConnectionPending() {
    return socket.isConnectionPending();
  }

  @Override
  public boolean connect(SocketAddress remote) throws IOException {
    return socket.connect(remote);
  }

  @Override
  public boolean finishConnect() throws IOException {
    return socket.finishConnect();
  }

  @Override
  public SocketAddress getRemoteAddress() throws IOException {
    return socket.getRemoteAddress();
  }

  @Override
  public SocketAddress getLocalAddress() throws IOException {
    return socket.getLocalAddress();
  }
}
