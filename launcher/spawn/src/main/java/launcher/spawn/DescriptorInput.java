package launcher.spawn;

import java.io.IOException;
import java.io.InputStream;
import launcher.spawn.libc.Calls;

/** Reads a descriptor it owns. */
final class DescriptorInput extends InputStream {
  private static final int CHUNK = 65536;
  private int descriptor;

  DescriptorInput(int descriptor) {
    this.descriptor = descriptor;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 1 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (descriptor < 0) {
      throw new IOException("The stream is closed");
    }
    byte[] chunk = new byte[Math.min(length, CHUNK)];
    int count = Calls.read(descriptor, chunk, chunk.length);
    System.arraycopy(chunk, 0, buffer, offset, Math.max(0, count));
    return count == 0 ? -1 : count;
  }

  @Override
  public void close() {
    Calls.close(descriptor);
    descriptor = -1;
  }
}
