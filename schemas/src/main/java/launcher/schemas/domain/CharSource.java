package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.List;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** The raw {@code <source>} of a character device, shared by all its uses. */
final class CharSource extends ModelElement {
  @XmlAttribute private @Nullable String path;
  @XmlAttribute private @Nullable String append;
  @XmlAttribute private @Nullable String mode;
  @XmlAttribute private @Nullable String host;
  @XmlAttribute private @Nullable String service;
  @XmlAttribute private @Nullable String tls;
  @XmlAttribute private @Nullable String channel;
  @XmlAttribute private @Nullable String master;
  @XmlAttribute private @Nullable String slave;
  @XmlElement private @Nullable ReconnectElement reconnect;
  @XmlElement private @Nullable Clipboard clipboard;
  @XmlElement private @Nullable Mouse mouse;

  private CharSource() {}

  /** The typed back end of a device of the given type. */
  static CharBackend typed(
      String type, List<CharSource> sources, @Nullable ProtocolElement protocol) {
    CharSource first = sources.isEmpty() ? new CharSource() : sources.getFirst();
    return switch (type) {
      case "vc" -> new CharBackend.Vc();
      case "pty" -> new CharBackend.Pty();
      case "stdio" -> new CharBackend.Stdio();
      case "dev" -> new CharBackend.Dev(orEmpty(first.path));
      case "file" -> new CharBackend.Output(orEmpty(first.path), Toggle.of(first.append));
      case "pipe" -> new CharBackend.Pipe(orEmpty(first.path));
      case "tcp" -> first.tcp(protocol);
      case "udp" -> udp(sources);
      case "unix" ->
          new CharBackend.Unix(
              !"connect".equals(first.mode), Optional.ofNullable(first.path), first.reconnecting());
      case "spicevmc" -> new CharBackend.SpiceVmc();
      case "spiceport" -> new CharBackend.SpicePort(orEmpty(first.channel));
      case "qemu-vdagent" ->
          new CharBackend.VdAgent(
              first.clipboard == null ? Optional.empty() : Toggle.of(first.clipboard.copypaste),
              Optional.ofNullable(first.mouse).map(m -> orEmpty(m.mode)));
      case "dbus" -> new CharBackend.Dbus(orEmpty(first.channel));
      case "nmdm" -> new CharBackend.Nmdm(orEmpty(first.master), orEmpty(first.slave));
      default -> new CharBackend.Null();
    };
  }

  private CharBackend tcp(@Nullable ProtocolElement protocol) {
    return new CharBackend.Tcp(
        "bind".equals(mode),
        orEmpty(host),
        orEmpty(service),
        protocol != null && "telnet".equals(protocol.type),
        Toggle.of(tls),
        reconnecting());
  }

  private static CharBackend udp(List<CharSource> sources) {
    CharSource remote = null;
    CharSource local = null;
    for (CharSource source : sources) {
      if ("bind".equals(source.mode)) {
        local = source;
      } else {
        remote = source;
      }
    }
    return new CharBackend.Udp(
        remote == null ? "" : orEmpty(remote.host),
        remote == null ? "" : orEmpty(remote.service),
        local == null ? "" : orEmpty(local.host),
        local == null ? "" : orEmpty(local.service));
  }

  private Optional<CharBackend.Reconnect> reconnecting() {
    return Optional.ofNullable(reconnect).map(ReconnectElement::typed);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** {@code <reconnect enabled= timeout=>}. */
  @XmlType(name = "")
  static final class ReconnectElement {
    @XmlAttribute private @Nullable String enabled;
    @XmlAttribute private @Nullable Integer timeout;

    CharBackend.Reconnect typed() {
      boolean on = Toggle.isSet(enabled);
      return new CharBackend.Reconnect(on, on && timeout != null ? timeout : 0);
    }
  }

  /** {@code <protocol type=>}: raw or telnet. */
  @XmlType(name = "")
  static final class ProtocolElement {
    @XmlAttribute private @Nullable String type;
  }

  /** {@code <log file= append=>}. */
  @XmlType(name = "")
  static final class LogElement {
    @XmlAttribute private @Nullable String file;
    @XmlAttribute private @Nullable String append;

    CharBackend.Log typed() {
      return new CharBackend.Log(orEmpty(file), Toggle.of(append));
    }
  }

  @XmlType(name = "")
  private static final class Clipboard {
    @XmlAttribute private @Nullable String copypaste;
  }

  @XmlType(name = "")
  private static final class Mouse {
    @XmlAttribute private @Nullable String mode;
  }
}
