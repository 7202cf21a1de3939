package launcher.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** The channel under a {@link Wire}, with the bytes that the wire had read ahead. */
record StreamAfterMessages(ByteChannel channel, ByteBuffer ahead) implements ByteChannel {

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!ahead.hasRemaining()) {
      return channel.read(target);
    }
    int count = Math.min(ahead.remaining(), target.remaining());
    target.put(ahead.slice(ahead.position(), count));
    ahead.position(ahead.position() + count);
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return channel.write(source);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
