package launcher.spawn;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import launcher.spawn.libc.Calls;

/** Writes to a descriptor it owns. */
final class DescriptorOutput extends OutputStream {
  private int descriptor;

  DescriptorOutput(int descriptor) {
    this.descriptor = descriptor;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    if (descriptor < 0) {
      throw new IOException("The stream is closed");
    }
    Calls.writeAll(descriptor, Arrays.copyOfRange(buffer, offset, offset + length));
  }

  @Override
  public void close() {
    Calls.close(descriptor);
    descriptor = -1;
  }
}
