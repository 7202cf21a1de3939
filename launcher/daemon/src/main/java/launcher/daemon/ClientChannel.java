package launcher.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import jnr.unixsocket.UnixSocketChannel;

/**
 * A client's socket that any thread may use until it is closed, and no thread afterwards. The
 * channels of jnr-unixsocket (0.39.6) go on with the number of their descriptor, which may be
 * another client's or a guest's disk by then.
 */
final class ClientChannel implements ByteChannel {
  private final UnixSocketChannel socket;
  private final Lock using;
  private final Lock closing;

  ClientChannel(UnixSocketChannel socket) {
    this.socket = socket;
    ReadWriteLock lock = new ReentrantReadWriteLock();
    using = lock.readLock();
    closing = lock.writeLock();
  }

  /** A read or write of the socket. */
  @FunctionalInterface
  private interface Transfer {
    int of(ByteBuffer bytes) throws IOException;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return use(socket::read, target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return use(socket::write, source);
  }

  private int use(Transfer transfer, ByteBuffer bytes) throws IOException {
    // not lock(): one that waits to close would keep readers and writers from each other
    if (!using.tryLock()) {
      throw new ClosedChannelException();
    }
    try {
      if (!socket.isOpen()) {
        throw new ClosedChannelException();
      }
      return transfer.of(bytes);
    } finally {
      using.unlock();
    }
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    using.lock();
    try {
      wakeUsers();
    } finally {
      using.unlock();
    }
    closing.lock();
    try {
      socket.close();
    } finally {
      closing.unlock();
    }
  }

  /** Whoever reads finds the end, whoever writes that nobody takes it (shutdown(2)). */
  private void wakeUsers() {
    if (socket.isOpen()) {
      try {
        socket.shutdownInput();
        socket.shutdownOutput();
      } catch (IOException e) {
        // the client has hung up already, which wakes them as well
      }
    }
  }
}
