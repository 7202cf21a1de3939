package launcher.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
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
import launcher.spawn.libc.Calls;
import org.jspecify.annotations.Nullable;

/** Accepts clients; each connection has a thread, which the pool keeps for the next one. */
final class Listener implements Closeable {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  /** Further clients wait in the socket's queue until one leaves. */
  private static final int MAXIMUM_CLIENTS = 512;

  /** Out of descriptors or threads: there is no event to wait for, and no use in a busy loop. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Connections of one user who may not manage. */
  private static final int MOST_OF_OTHERS = 32;

  private final UnixServerSocketChannel socket;
  private final Service service;
  private final ExecutorService workers;
  private final Idleness idleness;
  private final Duration longestWrite;
  private final Semaphore free = new Semaphore(MAXIMUM_CLIENTS);
  private final AtomicInteger clients = new AtomicInteger();
  private final Map<Integer, Integer> others = new HashMap<>();

  /**
   * Accepts on a socket.
   *
   * @param longestWrite a client that does not take an answer for so long gets no more
   */
  Listener(
      UnixServerSocketChannel socket,
      Service service,
      ExecutorService workers,
      Idleness idleness,
      Duration longestWrite) {
    this.socket = socket;
    this.service = service;
    this.workers = workers;
    this.idleness = idleness;
    this.longestWrite = longestWrite;
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
      try {
        workers.execute(() -> serve(client));
      } catch (RejectedExecutionException | OutOfMemoryError e) {
        // the daemon is leaving, or there is no thread to be had (setrlimit(2), RLIMIT_NPROC)
        LOG.log(Level.WARNING, "a client is hung up on: " + e.getMessage() + ", ignoring");
        hangUp(client);
      }
    }
  }

  private void hangUp(UnixSocketChannel client) {
    try (client) {
      // It has not been greeted, and knows that nothing of its request was read.
      LockSupport.parkNanos(PAUSE.toNanos());
    } catch (IOException e) {
      LOG.log(Level.FINE, "a client went away", e);
    } finally {
      left();
    }
  }

  private void left() {
    free.release();
    idleness.clients(clients.decrementAndGet());
  }

  private @Nullable UnixSocketChannel accept() throws IOException {
    try {
      return socket.accept();
    } catch (NativeException e) {
      if (!socket.isOpen()) {
        throw e;
      }
      LOG.log(Level.WARNING, "accept(2) failed: " + e.getMessage() + ", ignoring");
      LockSupport.parkNanos(PAUSE.toNanos());
      return null;
    }
  }

  private void serve(UnixSocketChannel client) {
    try (client) {
      Peer peer = peer(client);
      if (enter(peer)) {
        try {
          Connection.Patience patience = endless -> waitForReader(client, endless);
          patience.endless(false);
          new Connection(new ClientChannel(client), peer, service, workers, patience).run();
        } finally {
          leave(peer);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.FINE, "a client went away", e);
    } finally {
      left();
    }
  }

  private static Peer peer(UnixSocketChannel client) throws IOException {
    Credentials peer = client.getOption(UnixSocketOptions.SO_PEERCRED);
    return new Peer(peer.getPid(), peer.getUid(), peer.getGid(), Calls.peerGroups(client.getFD()));
  }

  private void waitForReader(UnixSocketChannel client, boolean endless) throws IOException {
    int limit = endless ? 0 : Math.toIntExact(longestWrite.toMillis()); // 0: none (socket(7))
    client.setOption(UnixSocketOptions.SO_SNDTIMEO, limit);
  }

  /** Who may not manage cannot keep those who may from being served. */
  private boolean enter(Peer peer) {
    if (service.isManager(peer)) {
      return true;
    }
    synchronized (others) {
      if (others.merge(peer.uid(), 1, Integer::sum) <= MOST_OF_OTHERS) {
        return true;
      }
    }
    leave(peer);
    service.logRefusal(peer, "a connection", "it has " + MOST_OF_OTHERS + " already");
    return false;
  }

  private void leave(Peer peer) {
    synchronized (others) {
      others.computeIfPresent(peer.uid(), (_, count) -> count > 1 ? count - 1 : null);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
