package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlElementWrapper;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** The raw {@code <source>} of an image. */
final class SourceElement extends ModelElement {
  @XmlAttribute private @Nullable String file;
  @XmlAttribute private @Nullable String dev;
  @XmlAttribute private @Nullable String dir;
  @XmlAttribute private @Nullable String pool;
  @XmlAttribute private @Nullable String volume;
  @XmlAttribute private @Nullable String mode;
  @XmlAttribute private @Nullable String managed;
  @XmlAttribute private @Nullable String namespace;
  @XmlAttribute private @Nullable String path;
  @XmlAttribute private @Nullable String protocol;
  @XmlAttribute private @Nullable String name;
  @XmlAttribute private @Nullable String query;
  @XmlAttribute private @Nullable String tls;
  @XmlAttribute private @Nullable String tlsHostname;
  @XmlElement private @Nullable AddressElement address;

  @XmlElement(name = "host")
  private final List<HostElement> hosts = new ArrayList<>();

  @XmlElement private @Nullable StorageAuth auth;
  @XmlElement private @Nullable Encryption encryption;
  @XmlElement private @Nullable ReservationsElement reservations;

  @XmlElementWrapper(name = "slices")
  @XmlElement(name = "slice")
  private final List<SliceElement> slices = new ArrayList<>();

  @XmlElement private @Nullable ImageElement dataStore;
  @XmlElement private @Nullable Named config;
  @XmlElement private @Nullable Named snapshot;
  @XmlElement private @Nullable Initiator initiator;

  @XmlElementWrapper(name = "cookies")
  @XmlElement(name = "cookie")
  private final List<CookieElement> cookies = new ArrayList<>();

  @XmlElement private @Nullable Ssl ssl;
  @XmlElement private @Nullable Readahead readahead;
  @XmlElement private @Nullable Timeout timeout;
  @XmlElement private @Nullable Reconnect reconnect;
  @XmlElement private @Nullable Identity identity;
  @XmlElement private @Nullable PathElement knownHosts;

  private SourceElement() {}

  static SourceElement none() {
    return new SourceElement();
  }

  /** The image that this source holds; the last two stand beside it in old documents. */
  Image image(
      String type,
      String format,
      Image.Below below,
      OptionalLong metadataCacheBytes,
      Optional<StorageAuth> diskAuth,
      Optional<Encryption> diskEncryption,
      launcher.schemas.XmlElement at) {
    return new Image(
        format,
        typed(type),
        below,
        Optional.ofNullable(dataStore).map(ImageElement::image),
        Optional.ofNullable(auth).or(() -> diskAuth),
        Optional.ofNullable(encryption).or(() -> diskEncryption),
        slices.stream()
            .filter(s -> "storage".equals(s.type))
            .map(s -> new Image.Slice(number(s.offset), number(s.size)))
            .findFirst(),
        metadataCacheBytes,
        Optional.ofNullable(reservations).map(ReservationsElement::typed),
        at);
  }

  private StorageSource typed(String type) {
    return switch (type) {
      case "block" -> dev == null ? new StorageSource.Empty() : new StorageSource.Block(dev);
      case "dir" -> new StorageSource.Folder(dir == null ? "" : dir);
      case "volume" ->
          new StorageSource.Volume(
              pool == null ? "" : pool, volume == null ? "" : volume, Optional.ofNullable(mode));
      case "nvme" -> new StorageSource.Nvme(pci(), number(namespace), Toggle.isSet(managed));
      case "vhostuser" ->
          new StorageSource.VhostUser(
              path == null ? "" : path,
              Optional.ofNullable(reconnect)
                  .filter(r -> r.enabled != null)
                  .map(r -> Toggle.isSet(r.enabled) && r.timeout != null ? r.timeout : "0"));
      case "vhostvdpa" -> new StorageSource.VhostVdpa(dev == null ? "" : dev);
      case "network" -> network();
      default -> file == null ? new StorageSource.Empty() : new StorageSource.File(file);
    };
  }

  private Address.Pci pci() {
    return address != null && address.typed() instanceof Address.Pci pci
        ? pci
        : new Address.Pci(0, 0, 0, 0, Optional.empty(), Optional.empty());
  }

  private StorageSource network() {
    return new StorageSource.Network(
        protocol == null ? "" : protocol,
        Optional.ofNullable(name),
        Optional.ofNullable(query),
        hosts.stream().map(HostElement::typed).toList(),
        Toggle.of(tls),
        Optional.ofNullable(tlsHostname),
        options());
  }

  private StorageSource.Options options() {
    Optional<Identity> who = Optional.ofNullable(identity);
    return new StorageSource.Options(
        Optional.ofNullable(config).map(c -> c.file == null ? "" : c.file),
        Optional.ofNullable(snapshot).map(s -> s.name == null ? "" : s.name),
        Optional.ofNullable(initiator).flatMap(Initiator::qualifiedName),
        cookies.stream()
            .map(c ->
                new StorageSource.Cookie(
                    c.name == null ? "" : c.name, c.value == null ? "" : c.value))
            .toList(),
        ssl == null ? Optional.empty() : Toggle.of(ssl.verify),
        readahead == null ? OptionalLong.empty() : Numbers.parse(readahead.size),
        timeout == null ? OptionalLong.empty() : Numbers.parse(timeout.seconds),
        reconnect == null || reconnect.delay == null
            ? OptionalInt.empty()
            : OptionalInt.of((int) number(reconnect.delay)),
        who.map(i -> i.user != null ? i.user : i.username),
        who.map(i -> i.group),
        who.map(i -> i.keyfile),
        Optional.ofNullable(knownHosts).map(k -> k.path == null ? "" : k.path));
  }

  private static long number(@Nullable String text) {
    return Numbers.parse(text).orElse(0);
  }

  static final class HostElement {
    @XmlAttribute private @Nullable String transport;
    @XmlAttribute private @Nullable String name;
    @XmlAttribute private @Nullable String port;
    @XmlAttribute private @Nullable String socket;

    StorageSource.Host typed() {
      return new StorageSource.Host(
          transport == null ? "tcp" : transport,
          Optional.ofNullable(name),
          Optional.ofNullable(port),
          Optional.ofNullable(socket));
    }
  }

  static final class ReservationsElement {
    @XmlAttribute private @Nullable String managed;
    @XmlElement private @Nullable PathElement source;

    Image.Reservations typed() {
      return new Image.Reservations(
          Toggle.isSet(managed),
          Optional.ofNullable(source).map(s -> s.path == null ? "" : s.path));
    }
  }

  static final class PathElement {
    @XmlAttribute private @Nullable String path;
  }

  static final class SliceElement {
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String offset;
    @XmlAttribute private @Nullable String size;
  }

  static final class Named {
    @XmlAttribute private @Nullable String file;
    @XmlAttribute private @Nullable String name;
  }

  static final class Initiator {
    @XmlElement private @Nullable Named iqn;

    Optional<String> qualifiedName() {
      return iqn == null ? Optional.empty() : Optional.ofNullable(iqn.name);
    }
  }

  static final class CookieElement {
    @XmlAttribute private @Nullable String name;
    @XmlValue private @Nullable String value;
  }

  static final class Ssl {
    @XmlAttribute private @Nullable String verify;
  }

  static final class Readahead {
    @XmlAttribute private @Nullable String size;
  }

  static final class Timeout {
    @XmlAttribute private @Nullable String seconds;
  }

  static final class Reconnect {
    @XmlAttribute private @Nullable String delay;
    @XmlAttribute private @Nullable String enabled;
    @XmlAttribute private @Nullable String timeout;
  }

  static final class Identity {
    @XmlAttribute private @Nullable String user;
    @XmlAttribute private @Nullable String username;
    @XmlAttribute private @Nullable String group;
    @XmlAttribute private @Nullable String keyfile;
  }
}
