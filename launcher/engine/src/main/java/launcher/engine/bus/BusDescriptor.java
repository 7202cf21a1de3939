package launcher.engine.bus;

import jnr.posix.POSIXFactory;
import org.freedesktop.dbus.FileDescriptor;

/** A file descriptor that a service handed over in an answer; open until it is closed here. */
public final class BusDescriptor implements AutoCloseable {
  private int number;

  private BusDescriptor(int number) {
    this.number = number;
  }

  /**
   * The descriptor of one part of an answer.
   *
   * @throws BusException when that part is something else
   */
  public static BusDescriptor of(Object part) {
    if (part instanceof FileDescriptor descriptor) {
      return new BusDescriptor(descriptor.getIntFileDescriptor());
    }
    throw new BusException("", "the answer holds no file descriptor but '" + part + "'");
  }

  @Override
  public synchronized void close() {
    if (number >= 0) {
      // close(2) of a descriptor that is ours alone; its result says nothing that could be acted on
      POSIXFactory.getNativePOSIX().close(number);
      number = -1;
    }
  }
}
