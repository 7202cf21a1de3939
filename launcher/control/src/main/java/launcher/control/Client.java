package launcher.control;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.control.Json.Members;
import launcher.control.Message.Event;
import launcher.control.Message.Failure;
import launcher.control.Message.Greeting;
import launcher.control.Message.Reply;
import launcher.control.Message.Request;
import launcher.control.Message.Stream;

/** A client's connection to the daemon. For one thread, but for {@link #cancel}. */
public final class Client implements Closeable {
  /** Linux keeps a terminating zero in the 108 bytes of sun_path (unix(7)). */
  private static final int LONGEST_PATH = 107;

  private final Wire wire;
  private final String daemonVersion;
  private long lastId;

  private Client(Wire wire, String daemonVersion) {
    this.wire = wire;
    this.daemonVersion = daemonVersion;
  }

  /**
   * Connects and reads the greeting; empty when nobody listens there or the daemon left before it
   * greeted, so that the caller may start one and try again.
   *
   * @throws IOException when connecting fails for another reason
   * @throws ControlException when the daemon speaks another version of the protocol
   */
  public static Optional<Client> connect(Path socket) throws IOException {
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new ControlException(
          Outcome.USAGE,
          "the socket's path '"
              + socket
              + "' is longer than "
              + LONGEST_PATH
              + " bytes: choose a shorter --root");
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    Optional<Message> first;
    Wire wire = new Wire(channel);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      first = wire.read();
    } catch (IOException e) {
      wire.close();
      if (isAbsent(e)) {
        return Optional.empty();
      }
      throw new IOException("'" + socket + "' cannot be reached: " + e.getMessage(), e);
    }
    if (first.isEmpty()) {
      wire.close();
      return Optional.empty();
    }
    if (!(first.get() instanceof Greeting(int protocol, String program, String restart))) {
      wire.close();
      throw new ControlException(Outcome.FAILED, "no launcher daemon listens on '" + socket + "'");
    }
    if (protocol != Message.VERSION) {
      wire.close();
      throw new ControlException(
          Outcome.FAILED,
          "the daemon (launcher "
              + program
              + ") speaks protocol "
              + protocol
              + ", this command speaks "
              + Message.VERSION
              + ": end the daemon"
              + (restart.isEmpty() ? "" : " with '" + restart + "'")
              + ", which touches no guest, and ask again");
    }
    return Optional.of(new Client(wire, program));
  }

  // java.net has one exception type for connect(2)'s errors: its text is strerror(3)'s of the C
  // locale, which the JDK does not translate.
  private static boolean isAbsent(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No such file")
        || message.contains("Connection refused")
        || message.contains("Connection reset");
  }

  /** The version of the daemon's program. */
  public String daemonVersion() {
    return daemonVersion;
  }

  /**
   * Asks and waits for the answer.
   *
   * @throws ControlException when the daemon answers with a failure, or hangs up
   */
  public Json ask(String verb, Members arguments) throws IOException {
    return ask(verb, arguments, _ -> {});
  }

  /** The same, handing each event on the way to the listener. */
  public Json ask(String verb, Members arguments, Consumer<Json> listener) throws IOException {
    long id = send(verb, arguments);
    while (true) {
      Message message = receive();
      // Not a switch over types: see Json.of.
      if (message instanceof Reply(long of, Json body) && of == id) {
        return body;
      } else if (message instanceof Event(long of, Json body) && of == id) {
        listener.accept(body);
      } else {
        throw failure(message, id);
      }
    }
  }

  private static ControlException failure(Message message, long id) {
    return message instanceof Failure(long of, Outcome outcome, String text) && of == id
        ? new ControlException(outcome, text)
        : new ControlException(Outcome.FAILED, "the daemon answered out of turn");
  }

  /**
   * Asks for something that is answered by a stream (a console). The connection serves nothing else
   * afterwards.
   */
  public ByteChannel askStream(String verb, Members arguments) throws IOException {
    long id = send(verb, arguments);
    Message message = receive();
    if (message instanceof Stream(long of, Json _) && of == id) {
      return wire.stream();
    }
    throw failure(message, id);
  }

  /** Sends a request without waiting; several may be under way. Returns its id. */
  public long send(String verb, Members arguments) throws IOException {
    lastId++;
    wire.write(new Request(lastId, verb, arguments));
    return lastId;
  }

  /**
   * Asks that everything under way is given up; by any thread. The answers come all the same, with
   * {@link Outcome#CANCELLED} where something was given up.
   */
  public void cancel() throws IOException {
    wire.write(new Message.Cancel());
  }

  /**
   * The next message of the daemon.
   *
   * @throws ControlException when the daemon hung up
   */
  public Message receive() throws IOException {
    return wire.read()
        .orElseThrow(() ->
            new ControlException(
                Outcome.UNREACHABLE,
                "the daemon hung up before it answered; guests are not touched by that, ask again"));
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
