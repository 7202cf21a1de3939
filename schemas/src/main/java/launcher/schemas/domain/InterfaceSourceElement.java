package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The raw {@code <source>} of a network interface. */
final class InterfaceSourceElement {
  @XmlAttribute private @Nullable String bridge;
  @XmlAttribute private @Nullable String network;
  @XmlAttribute private @Nullable String portgroup;
  @XmlAttribute private @Nullable String portid;
  @XmlAttribute private @Nullable String dev;
  @XmlAttribute private @Nullable String mode;
  @XmlAttribute private @Nullable String name;
  @XmlAttribute private @Nullable String path;

  @XmlAttribute(name = "address")
  private @Nullable String host;

  @XmlAttribute private @Nullable Integer port;

  @XmlElement(name = "address")
  private @Nullable AddressElement device;

  @XmlElement private @Nullable Local local;
  @XmlElement private CharSource.@Nullable ReconnectElement reconnect;

  @XmlElement(name = "ip")
  private final List<Ip> ips = new ArrayList<>();

  InterfaceSourceElement() {}

  @Nullable String dev() {
    return dev;
  }

  List<InterfaceSource.GuestAddress> hostAddresses() {
    return ips.stream().map(Ip::typed).toList();
  }

  InterfaceSource typed(
      String kind, List<InterfaceSource.GuestAddress> addresses, boolean managed) {
    return switch (kind) {
      case "user" -> new InterfaceSource.User(addresses);
      case "ethernet" -> new InterfaceSource.Ethernet();
      case "bridge" -> new InterfaceSource.Bridge(orEmpty(bridge));
      case "network" ->
          new InterfaceSource.Network(
              orEmpty(network), Optional.ofNullable(portgroup), Optional.ofNullable(portid));
      case "direct" -> new InterfaceSource.Direct(orEmpty(dev), mode == null ? "vepa" : mode);
      case "internal" -> new InterfaceSource.Internal(orEmpty(name));
      case "hostdev" ->
          new InterfaceSource.Hostdev(
              Optional.ofNullable(device).map(AddressElement::typed), managed);
      case "server" -> new InterfaceSource.Server(orEmpty(host), orZero(port));
      case "client" -> new InterfaceSource.Client(orEmpty(host), orZero(port));
      case "mcast" -> new InterfaceSource.Multicast(orEmpty(host), orZero(port));
      case "udp" ->
          new InterfaceSource.Udp(
              orEmpty(host),
              orZero(port),
              local == null ? "" : orEmpty(local.address),
              local == null ? 0 : orZero(local.port));
      case "vhostuser" ->
          new InterfaceSource.VhostUser(
              new CharBackend.Unix(
                  "server".equals(mode),
                  Optional.ofNullable(path),
                  Optional.ofNullable(reconnect).map(CharSource.ReconnectElement::typed)));
      case "vdpa" -> new InterfaceSource.Vdpa(orEmpty(dev));
      case "vds" -> new InterfaceSource.Vds();
      default -> new InterfaceSource.Null();
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  private static OptionalInt maybe(@Nullable Integer number) {
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  @XmlType(name = "")
  private static final class Local {
    @XmlAttribute private @Nullable String address;
    @XmlAttribute private @Nullable Integer port;
  }

  /** {@code <ip address= family= prefix= peer=>}. */
  @XmlType(name = "")
  static final class Ip {
    @XmlAttribute private @Nullable String address;
    @XmlAttribute private @Nullable String family;
    @XmlAttribute private @Nullable Integer prefix;
    @XmlAttribute private @Nullable String peer;

    InterfaceSource.GuestAddress typed() {
      return new InterfaceSource.GuestAddress(
          orEmpty(address),
          family == null ? "ipv4" : family,
          maybe(prefix),
          Optional.ofNullable(peer));
    }
  }

  /** {@code <portForward>}. */
  @XmlType(name = "")
  static final class Forward {
    @XmlAttribute private @Nullable String proto;
    @XmlAttribute private @Nullable String address;
    @XmlAttribute private @Nullable String dev;

    @XmlElement(name = "range")
    private final List<Range> ranges = new ArrayList<>();

    InterfaceSource.PortForward typed() {
      return new InterfaceSource.PortForward(
          proto == null ? "tcp" : proto,
          Optional.ofNullable(address),
          Optional.ofNullable(dev),
          ranges.stream().map(Range::typed).toList());
    }
  }

  @XmlType(name = "")
  private static final class Range {
    @XmlAttribute private @Nullable Integer start;
    @XmlAttribute private @Nullable Integer end;
    @XmlAttribute private @Nullable Integer to;
    @XmlAttribute private @Nullable String exclude;

    InterfaceSource.PortRange typed() {
      return new InterfaceSource.PortRange(
          orZero(start), maybe(end), maybe(to), Toggle.isSet(exclude));
    }
  }
}
