package launcher.daemon;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Message;
import launcher.control.Message.Cancel;
import launcher.control.Message.Event;
import launcher.control.Message.Failure;
import launcher.control.Message.Greeting;
import launcher.control.Message.Request;
import launcher.control.Message.Stream;
import launcher.control.Outcome;
import launcher.control.Wire;

/** Serves one client: reads its requests and has each carried out by a worker. */
final class Connection implements Runnable {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  /**
   * How much a client may say: the daemon's memory is small and everybody's.
   *
   * @param bytes of one message
   * @param values of one message
   * @param underWay requests that are carried out at once; more wait in the socket
   */
  private record Limits(int bytes, int values, int underWay) {
    /** The longest XML fits in, with what JSON adds to it. */
    static final Limits OF_MANAGERS = new Limits(6 << 20, 50_000, 32);

    /** Who may only look has little to say. */
    static final Limits OF_OTHERS = new Limits(64 << 10, 2000, 4);
  }

  private final Wire wire;
  private final Peer peer;
  private final Service service;
  private final ExecutorService workers;
  private final Patience patience;

  /** Whether something was asked for that other people wait for. */
  private boolean acted;

  private final Limits limits;
  private final Semaphore free;
  private final Set<CallOfClient> underWay = ConcurrentHashMap.newKeySet();
  private final Map<Long, Future<?>> listening = new ConcurrentHashMap<>();

  /** How long the client may take to read. */
  @FunctionalInterface
  interface Patience {
    /**
     * Lets its writes wait for ever, or only for so long as usual.
     *
     * @throws IOException when the client went away
     */
    void endless(boolean wanted) throws IOException;
  }

  /**
   * Serves a client.
   *
   * @param channel to it, whose writes give up in time: an act waits for no client
   * @param patience of its writes, which is endless for a client that is only listened or talked
   *     to: a person's terminal may be stopped
   */
  Connection(
      ByteChannel channel, Peer peer, Service service, ExecutorService workers, Patience patience) {
    limits = service.isManager(peer) ? Limits.OF_MANAGERS : Limits.OF_OTHERS;
    wire = new Wire(channel, limits.bytes(), limits.values());
    free = new Semaphore(limits.underWay());
    this.peer = peer;
    this.service = service;
    this.workers = workers;
    this.patience = patience;
  }

  @Override
  public void run() {
    try (wire) {
      wire.write(new Greeting(Message.VERSION, service.version(), service.restart()));
      boolean more = true;
      while (more) {
        more = serveNext();
      }
      awaitActs();
    } catch (IOException e) {
      LOG.log(Level.FINE, e, () -> "the client with pid " + peer.pid() + " went away");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      listening.values().forEach(listener -> listener.cancel(true));
    }
  }

  /** A client may shut its sending side down and still wait for its answers. */
  private void awaitActs() throws InterruptedException {
    listening.values().forEach(listener -> listener.cancel(true));
    free.acquire(limits.underWay());
  }

  /** Reads and hands out one request; false when it was the last. */
  private boolean serveNext() throws IOException, InterruptedException {
    Optional<Message> message;
    try {
      message = wire.read();
    } catch (ControlException e) {
      wire.write(new Failure(0, e.outcome(), String.valueOf(e.getMessage())));
      return false;
    }
    if (message.isPresent() && message.get() instanceof Cancel) {
      underWay.forEach(call -> call.cancelled = true);
      return true;
    }
    if (message.isEmpty() || !(message.get() instanceof Request request)) {
      return false;
    }
    try {
      return serve(request, service.entry(request, peer));
    } catch (ControlException e) {
      wire.write(Service.failure(request, e));
      return true;
    }
  }

  private boolean serve(Request request, Handlers.Entry entry)
      throws IOException, InterruptedException {
    if (entry.manner() == Handlers.Manner.STREAM) {
      serveStream(request, entry.handler());
      return false;
    }
    acted |= entry.manner() == Handlers.Manner.ACT;
    patience.endless(!acted);
    CallOfClient call = new CallOfClient(request);
    FutureTask<?> task = new FutureTask<>(() -> carryOut(call, entry.handler()), null);
    if (entry.manner() == Handlers.Manner.LISTEN
        && listening.putIfAbsent(request.id(), task) != null) {
      throw new ControlException(
          Outcome.USAGE, "a request with the id " + request.id() + " is under way already");
    }
    free.acquire();
    underWay.add(call);
    try {
      workers.execute(() -> finish(call, task));
    } catch (RejectedExecutionException e) {
      underWay.remove(call);
      free.release();
      throw new ControlException(Outcome.UNREACHABLE, "the daemon is leaving, ask again", e);
    }
    return true;
  }

  /** Whatever becomes of the task: one that is cancelled before it begins never runs. */
  private void finish(CallOfClient call, FutureTask<?> task) {
    try {
      task.run();
    } finally {
      underWay.remove(call);
      listening.remove(call.request.id(), task);
      free.release();
    }
  }

  private void carryOut(CallOfClient call, Handler handler) {
    Request request = call.request;
    try {
      answer(request, service.answer(request, handler, call));
    } catch (IOException e) {
      LOG.log(Level.FINE, e, () -> "nobody waits for the answer to '" + request.verb() + "'");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Request request, Message answer) throws IOException {
    try {
      wire.write(answer);
    } catch (ControlException tooLong) {
      wire.write(Service.failure(request, tooLong));
    }
  }

  private void serveStream(Request request, Handler handler)
      throws IOException, InterruptedException {
    if (!listening.isEmpty()) {
      throw new ControlException(
          Outcome.USAGE, "'" + request.verb() + "' needs a connection that listens to nothing");
    }
    free.acquire(limits.underWay());
    free.release(limits.underWay());
    patience.endless(true);
    CallOfClient call = new CallOfClient(request);
    Message answer = service.answer(request, handler, call);
    if (!call.streaming) {
      wire.write(answer);
    }
  }

  private final class CallOfClient implements Call {
    private final Request request;
    private boolean streaming;
    private volatile boolean cancelled;

    CallOfClient(Request request) {
      this.request = request;
    }

    @Override
    public Json.Members arguments() {
      return request.arguments();
    }

    @Override
    public Peer peer() {
      return peer;
    }

    @Override
    public void requireManager(String what) {
      service.require(peer, Access.MANAGE, what);
    }

    @Override
    public void event(Json body) throws IOException {
      wire.write(new Event(request.id(), body));
    }

    @Override
    public boolean cancelled() {
      return cancelled;
    }

    @Override
    public ByteChannel stream() throws IOException {
      wire.write(new Stream(request.id(), Json.object()));
      streaming = true;
      return wire.stream();
    }
  }
}
