package launcher.engine.bus.socket;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import jnr.unixsocket.UnixSocketChannel;
import org.freedesktop.dbus.FileDescriptor;
import org.freedesktop.dbus.spi.message.AbstractInputStreamMessageReader;
import org.freedesktop.dbus.spi.message.IMessageReader;
import org.freedesktop.dbus.spi.message.IMessageWriter;
import org.freedesktop.dbus.spi.message.ISocketProvider;
import org.freedesktop.dbus.spi.message.OutputStreamMessageWriter;

/** Reads messages with the descriptors that came along; launcher sends none. */
public final class DescriptorSocketProvider implements ISocketProvider {
  private boolean negotiated;

  /** For the service loader. */
  public DescriptorSocketProvider() {}

  @Override
  public IMessageReader createReader(SocketChannel channel) throws IOException {
    if (!(channel instanceof UnixSocketChannel socket)) {
      throw new IOException(
          "The bus is not reached through a Unix socket but through '" + channel + "'");
    }
    ReceivingChannel receiving = new ReceivingChannel(socket);
    return new AbstractInputStreamMessageReader(receiving, this) {
      @Override
      protected List<FileDescriptor> readFileDescriptors(SocketChannel from) {
        return receiving.takeDescriptors().stream().map(FileDescriptor::new).toList();
      }
    };
  }

  @Override
  public IMessageWriter createWriter(SocketChannel channel) {
    return new OutputStreamMessageWriter(channel);
  }

  @Override
  public void setFileDescriptorSupport(boolean supported) {
    negotiated = supported;
  }

  @Override
  public boolean isFileDescriptorPassingSupported() {
    return negotiated;
  }
}
