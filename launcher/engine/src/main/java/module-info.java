/**
 * Guests and networks: stores, plan runner, monitors, leases, labels, firewall; the Java API to
 * embed.
 */
module launcher.engine {
  requires transitive launcher.drivers.plan;
  requires transitive launcher.drivers.qemu;
  requires transitive launcher.drivers.lxc;
  requires transitive launcher.drivers.openvz;
  requires transitive launcher.drivers.dnsmasq;
  requires org.jnrproject.ffi;
  requires org.jnrproject.posix;
  requires org.jnrproject.unixsocket;
  requires org.jnrproject.enxio;
  requires org.freedesktop.dbus;
  requires java.logging;
  requires jdk.unsupported; // com.sun.nio.file.ExtendedOpenOption: O_DIRECT
  requires tools.jackson.core;
  requires static transitive org.jspecify;

  exports launcher.engine;
  exports launcher.engine.bus;
  exports launcher.engine.network;
  exports launcher.engine.secret;
  exports launcher.engine.shutdown;

  provides org.freedesktop.dbus.spi.transport.ITransportProvider with
      launcher.engine.bus.socket.DescriptorTransportProvider;
  provides org.freedesktop.dbus.spi.message.ISocketProvider with
      launcher.engine.bus.socket.DescriptorSocketProvider;
}
