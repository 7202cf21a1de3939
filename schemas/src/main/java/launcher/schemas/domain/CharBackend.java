package launcher.schemas.domain;

import java.util.Optional;

/** The host's end of a character device. */
public sealed interface CharBackend {
  /** Swallows everything. */
  record Null() implements CharBackend {}

  /** A text console inside the guest's display. */
  record Vc() implements CharBackend {}

  /** A pseudo terminal. */
  record Pty() implements CharBackend {}

  /** QEMU's own standard streams. */
  record Stdio() implements CharBackend {}

  /** A terminal or parallel port of the host. */
  record Dev(String path) implements CharBackend {}

  /**
   * A file that is written.
   *
   * @param append whether what the file holds is kept; none where the XML does not say
   */
  record Output(String path, Optional<Boolean> append) implements CharBackend {}

  /** A pair of named pipes. */
  record Pipe(String path) implements CharBackend {}

  /**
   * A stream socket over TCP.
   *
   * @param listen whether the guest's side listens
   * @param tls none where the XML leaves it to the host's settings
   */
  record Tcp(
      boolean listen,
      String host,
      String service,
      boolean telnet,
      Optional<Boolean> tls,
      Optional<Reconnect> reconnect)
      implements CharBackend {}

  /** A pair of UDP addresses; the local one is empty text where it is not said. */
  record Udp(String host, String service, String localHost, String localService)
      implements CharBackend {}

  /**
   * A Unix socket.
   *
   * @param path none where the launcher chooses one
   */
  record Unix(boolean listen, Optional<String> path, Optional<Reconnect> reconnect)
      implements CharBackend {}

  /** A channel inside the SPICE connection, of the kind its use says. */
  record SpiceVmc() implements CharBackend {}

  /** A named channel inside the SPICE connection. */
  record SpicePort(String channel) implements CharBackend {}

  /** QEMU's own part of the SPICE agent, for other displays than SPICE. */
  record VdAgent(Optional<Boolean> clipboard, Optional<String> mouse) implements CharBackend {}

  /** A named channel of the D-Bus display. */
  record Dbus(String channel) implements CharBackend {}

  /** FreeBSD's null modem. */
  record Nmdm(String master, String slave) implements CharBackend {}

  /**
   * What to do when the other side goes.
   *
   * @param timeoutSeconds pause between attempts, 0 where they are off
   */
  record Reconnect(boolean enabled, int timeoutSeconds) {}

  /** A file that gets a copy of what the guest says. */
  record Log(String file, Optional<Boolean> append) {}
}
