package launcher.engine.bus.socket;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import jnr.posix.POSIXFactory;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import org.freedesktop.dbus.connections.BusAddress;
import org.freedesktop.dbus.connections.SASL;
import org.freedesktop.dbus.connections.config.TransportConfig;
import org.freedesktop.dbus.connections.transports.AbstractUnixTransport;
import org.jspecify.annotations.Nullable;

/** A client's connection to a bus, through jnr-unixsocket. */
final class DescriptorTransport extends AbstractUnixTransport {
  private @Nullable UnixSocketChannel socket;

  DescriptorTransport(BusAddress address, TransportConfig config) {
    super(address, config);
    getSaslConfig().setAuthMode(SASL_EXTERNAL);
  }

  /** The bus takes the user from the socket itself (D-Bus specification, "EXTERNAL"). */
  private static final int SASL_EXTERNAL = SASL.AUTH_EXTERNAL;

  @Override
  protected boolean hasFileDescriptorSupport() {
    return true;
  }

  @Override
  protected SocketChannel connectImpl() throws IOException {
    String path = getAddress().getParameterValue("path");
    if (path == null) {
      throw new IOException("The bus address '" + getAddress() + "' names no path");
    }
    socket = UnixSocketChannel.open(new UnixSocketAddress(path));
    return socket;
  }

  @Override
  public int getUid(SocketChannel channel) {
    return POSIXFactory.getPOSIX().getuid();
  }

  @Override
  protected void closeTransport() throws IOException {
    if (socket != null) {
      socket.close();
    }
  }

  @Override
  protected SocketChannel acceptImpl() {
    throw new UnsupportedOperationException("launcher is a client of the bus, it listens nowhere");
  }

  @Override
  protected void bindImpl() {
    throw new UnsupportedOperationException("launcher is a client of the bus, it listens nowhere");
  }

  @Override
  protected boolean isBound() {
    return false;
  }
}
