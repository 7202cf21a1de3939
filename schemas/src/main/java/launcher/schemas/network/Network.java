package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlElementWrapper;
import jakarta.xml.bind.annotation.XmlRootElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/**
 * A virtual network as its XML says it (libvirt formatnetwork). Read by {@link NetworkReader} from
 * a checked document; never changes.
 */
@XmlRootElement(name = "network")
public final class Network extends ModelElement {
  /** Namespace of the elements that pass options to dnsmasq unread. */
  public static final String DNSMASQ_NAMESPACE = "http://libvirt.org/schemas/network/dnsmasq/1.0";

  @XmlElement private final String name;
  @XmlElement private final @Nullable String uuid = null;
  @XmlElement private final @Nullable String title = null;
  @XmlElement private final @Nullable String description = null;
  @XmlElement private final @Nullable Forward forward = null;
  @XmlElement private final Bridge bridge = new Bridge();
  @XmlElement private final @Nullable Mtu mtu = null;
  @XmlElement private final @Nullable Mac mac = null;
  @XmlElement private final @Nullable DnsDomain domain = null;
  @XmlElement private final Dns dns = new Dns();
  @XmlElement private final @Nullable Port port = null;
  @XmlElement private final @Nullable Bandwidth bandwidth = null;

  @XmlElement(name = "ip")
  private final List<Ip> ips = new ArrayList<>();

  @XmlElement(name = "route")
  private final List<Route> routes = new ArrayList<>();

  @XmlElement(name = "portgroup")
  private final List<PortGroup> portGroups = new ArrayList<>();

  @XmlElementWrapper(name = "options", namespace = DNSMASQ_NAMESPACE)
  @XmlElement(name = "option", namespace = DNSMASQ_NAMESPACE)
  private final List<Option> options = new ArrayList<>();

  @XmlAttribute(name = "ipv6")
  private final @Nullable String ipv6 = null;

  // Assigned here and not at the field: the compiler would write a constant into the accessor.
  private Network() {
    name = "";
  }

  /** The name, unique among the networks of a host. */
  public String name() {
    return name;
  }

  /** The uuid, none before it was completed. */
  public Optional<String> uuid() {
    return Optional.ofNullable(uuid);
  }

  /** One line for people. */
  public Optional<String> title() {
    return Optional.ofNullable(title);
  }

  /** Any text for people. */
  public Optional<String> description() {
    return Optional.ofNullable(description);
  }

  /** How packets leave; {@link Forward.Mode#NONE} where the element is absent. */
  public Forward.Mode mode() {
    return forward == null ? Forward.Mode.NONE : forward.mode();
  }

  /** The details of forwarding, none for an isolated network. */
  public Optional<Forward> forward() {
    return Optional.ofNullable(forward);
  }

  /** The bridge; without a name where the element is absent. */
  public Bridge bridge() {
    return bridge;
  }

  /** Largest packet, in bytes. */
  public Optional<Integer> mtu() {
    return Optional.ofNullable(mtu).map(m -> m.size);
  }

  /** Hardware address of the bridge. */
  public Optional<String> mac() {
    return Optional.ofNullable(mac).map(m -> m.address);
  }

  /** The DNS domain of the guests. */
  public Optional<DnsDomain> domain() {
    return Optional.ofNullable(domain);
  }

  /** The name server; with defaults where the element is absent. */
  public Dns dns() {
    return dns;
  }

  /** Whether guests of this network may not reach each other. */
  public boolean portsIsolated() {
    return port != null && "yes".equals(port.isolated);
  }

  /** Limits on the traffic of the whole network. */
  public Optional<Bandwidth> bandwidth() {
    return Optional.ofNullable(bandwidth);
  }

  /** The addresses of the host on this network, in the order of the document. */
  public List<Ip> ips() {
    return List.copyOf(ips);
  }

  /** The addresses of one family. */
  public Stream<Ip> ips(Ip.Family family) {
    return ips.stream().filter(ip -> ip.family() == family);
  }

  /** Routes to networks behind guests. */
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  /** Classes of guest interfaces. */
  public List<PortGroup> portGroups() {
    return List.copyOf(portGroups);
  }

  /** Lines for dnsmasq's configuration that launcher does not read. */
  public List<String> dnsmasqOptions() {
    return options.stream().map(o -> o.value).toList();
  }

  /** Whether guests may speak IPv6 with each other although the network has no IPv6 address. */
  public boolean guestIpv6() {
    return "yes".equals(ipv6);
  }

  /** Whether any address of the family is there. */
  public boolean has(Ip.Family family) {
    return ips(family).findAny().isPresent();
  }

  static final class Mtu {
    @XmlAttribute private final @Nullable Integer size = null;

    private Mtu() {}
  }

  static final class Mac {
    @XmlAttribute private final @Nullable String address = null;

    private Mac() {}
  }

  static final class Port {
    @XmlAttribute private final @Nullable String isolated = null;

    private Port() {}
  }

  static final class Option {
    @XmlAttribute private final String value;

    private Option() {
      value = "";
    }
  }
}
