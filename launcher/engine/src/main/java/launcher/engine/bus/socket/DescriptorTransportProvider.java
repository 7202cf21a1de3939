package launcher.engine.bus.socket;

import org.freedesktop.dbus.connections.BusAddress;
import org.freedesktop.dbus.connections.config.TransportConfig;
import org.freedesktop.dbus.connections.transports.AbstractTransport;
import org.freedesktop.dbus.spi.transport.ITransportProvider;

/**
 * D-Bus over a Unix socket with file descriptors, which dbus-java's own transport for the JDK's
 * sockets does not pass (5.2.2): logind hands out its inhibitors as descriptors. Remove when
 * dbus-java passes them.
 */
public final class DescriptorTransportProvider implements ITransportProvider {
  /** For the service loader. */
  public DescriptorTransportProvider() {}

  @Override
  public String getTransportName() {
    return "launcher-unix";
  }

  @Override
  public AbstractTransport createTransport(BusAddress address, TransportConfig config) {
    return new DescriptorTransport(address, config);
  }

  @Override
  public String getSupportedBusType() {
    return "UNIX";
  }

  @Override
  public String createDynamicSessionAddress(boolean listening) {
    throw new UnsupportedOperationException("launcher is a client of the bus, it makes none");
  }
}
