package launcher.engine.bus;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.jspecify.annotations.Nullable;

/**
 * The system's message bus: the one door to D-Bus. Connects when first asked and again after the
 * bus was away; calls carry their signature, so that no interface needs a class.
 */
public final class SystemBus implements AutoCloseable {
  /** Where the bus is unless {@value #ADDRESS_VARIABLE} says otherwise (D-Bus specification). */
  private static final String DEFAULT_ADDRESS = "unix:path=/run/dbus/system_bus_socket";

  private static final String UNIX = "unix:path=";

  private static final String ADDRESS_VARIABLE = "DBUS_SYSTEM_BUS_ADDRESS";
  private static final String BUS = "org.freedesktop.DBus";
  private static final long ANSWER_MILLISECONDS = 25_000;

  private final String address;
  private final List<Listening> listeners = new CopyOnWriteArrayList<>();
  private @Nullable DBusConnection connection;

  /** What somebody wants to hear, kept for the next connection. */
  private record Listening(String type, String member, Consumer<List<Object>> listener) {}

  /** A bus at an address of the D-Bus specification. */
  public SystemBus(String address) {
    this.address = address;
  }

  /** The bus of this process's environment. */
  public static SystemBus of(Map<String, String> environment) {
    return new SystemBus(environment.getOrDefault(ADDRESS_VARIABLE, DEFAULT_ADDRESS));
  }

  /** The connection, if the bus can be reached. */
  private synchronized Optional<DBusConnection> connection() {
    if (connection != null && connection.isConnected()) {
      return Optional.of(connection);
    }
    if (!answers()) {
      return Optional.empty();
    }
    try {
      DBusConnection fresh = DBusConnectionBuilder.forAddress(address).withShared(false).build();
      for (Listening listening : listeners) {
        listen(fresh, listening);
      }
      connection = fresh;
      return Optional.of(fresh);
    } catch (DBusException | RuntimeException absent) {
      connection = null;
      return Optional.empty();
    }
  }

  /** Whether a socket listens: the library would try for ten seconds to find out. */
  private boolean answers() {
    if (!address.startsWith(UNIX)) {
      return true;
    }
    Path socket = Path.of(address.substring(UNIX.length()).replaceFirst(",.*", ""));
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return probe.isConnected();
    } catch (IOException absent) {
      return false;
    }
  }

  /** Whether somebody on the bus has that name; false too when there is no bus. */
  public boolean hasOwner(String name) {
    try {
      List<Object> reply = call(BUS, "/org/freedesktop/DBus", BUS, "NameHasOwner", "s", name);
      return reply.equals(List.of(Boolean.TRUE));
    } catch (BusException absent) {
      return false;
    }
  }

  /**
   * Calls a method and waits for its answer.
   *
   * @param signature of the arguments (D-Bus specification), empty for none
   * @return the parts of the answer
   * @throws BusException when there is no bus, no service, no answer, or the answer is an error
   */
  public List<Object> call(
      String service,
      String path,
      String type,
      String method,
      String signature,
      Object... arguments) {
    DBusConnection bus =
        connection()
            .orElseThrow(() -> new BusException("", "no message bus answers at '" + address + "'"));
    try {
      MethodCall call =
          bus.getMessageFactory()
              .createMethodCall(
                  null,
                  service,
                  path,
                  type,
                  method,
                  (byte) 0,
                  signature.isEmpty() ? null : signature,
                  arguments);
      bus.sendMessage(call);
      return answer(call.getReply(ANSWER_MILLISECONDS), service, method);
    } catch (DBusException e) {
      throw new BusException("calling '" + method + "' of '" + service + "' failed", e);
    }
  }

  private static List<Object> answer(@Nullable Message reply, String service, String method)
      throws DBusException {
    if (reply == null) {
      throw new BusException(
          "",
          "'%s' did not answer '%s' within %d s"
              .formatted(service, method, ANSWER_MILLISECONDS / 1000));
    }
    Object[] parts = reply.getParameters();
    if (reply instanceof Error error) {
      String said = parts != null && parts.length > 0 ? String.valueOf(parts[0]) : "";
      throw new BusException(
          String.valueOf(error.getName()), said.isEmpty() ? String.valueOf(error.getName()) : said);
    }
    return parts == null ? List.of() : List.of(parts);
  }

  /**
   * Hears a signal from now on, on this connection and every later one.
   *
   * @param type interface of the signal
   * @param listener told its parts; on a thread of the connection, so it must be quick
   */
  public void listen(String type, String member, Consumer<List<Object>> listener) {
    Listening listening = new Listening(type, member, listener);
    listeners.add(listening);
    synchronized (this) {
      if (connection == null) {
        connection();
        return;
      }
      try {
        listen(connection, listening);
      } catch (DBusException lost) {
        connection = null;
      }
    }
  }

  private static void listen(DBusConnection bus, Listening listening) throws DBusException {
    bus.addGenericSigHandler(
        DBusMatchRuleBuilder.create()
            .withType("signal")
            .withInterface(listening.type())
            .withMember(listening.member())
            .build(),
        signal -> listening.listener().accept(parts(signal)));
  }

  private static List<Object> parts(DBusSignal signal) {
    try {
      Object[] parts = signal.getParameters();
      return parts == null ? List.of() : List.of(parts);
    } catch (DBusException unreadable) {
      return List.of();
    }
  }

  @Override
  public synchronized void close() {
    if (connection != null) {
      connection.disconnect();
      connection = null;
    }
  }
}
