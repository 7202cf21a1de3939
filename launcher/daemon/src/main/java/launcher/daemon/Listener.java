package launcher.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import jnr.enxio.channels.NativeException;
import jnr.unixsocket.Credentials;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.jspecify.annotations.Nullable;

/** Accepts clients; each connection has a thread, which the pool keeps for the next one. */
final class Listener implements Closeable {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  /** Further clients wait in the socket's queue until one leaves. */
  private static final int MAXIMUM_CLIENTS = 512;

  private final UnixServerSocketChannel socket;
  private final Service service;
  private final ExecutorService workers;
  private final Idleness idleness;
  private final Semaphore free = new Semaphore(MAXIMUM_CLIENTS);
  private final AtomicInteger clients = new AtomicInteger();

  Listener(
      UnixServerSocketChannel socket, Service service, ExecutorService workers, Idleness idleness) {
    this.socket = socket;
    this.service = service;
    this.workers = workers;
    this.idleness = idleness;
  }

  /** Accepts until it is closed. */
  void run() throws IOException, InterruptedException {
    while (socket.isOpen()) {
      free.acquire();
      UnixSocketChannel client = accept();
      if (client == null) {
        free.release();
        continue;
      }
      idleness.clients(clients.incrementAndGet());
      workers.execute(() -> serve(client));
    }
  }

  private @Nullable UnixSocketChannel accept() throws IOException {
    try {
      return socket.accept();
    } catch (NativeException e) {
      if (!socket.isOpen()) {
        throw e;
      }
      LOG.log(Level.WARNING, "accept(2) failed: " + e.getMessage() + ", ignoring");
      // Out of descriptors or memory: there is no event to wait for, and no use in a busy loop.
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      return null;
    }
  }

  private void serve(UnixSocketChannel client) {
    try (client) {
      Credentials peer = client.getOption(UnixSocketOptions.SO_PEERCRED);
      new Connection(
              client, new Peer(peer.getPid(), peer.getUid(), peer.getGid()), service, workers)
          .run();
    } catch (IOException e) {
      LOG.log(Level.FINE, "a client went away", e);
    } finally {
      free.release();
      idleness.clients(clients.decrementAndGet());
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
