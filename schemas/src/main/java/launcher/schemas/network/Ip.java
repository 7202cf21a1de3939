package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** An address of the host on a network, and what is served there. */
public final class Ip extends ModelElement {
  /** Version of the Internet protocol. */
  public enum Family {
    /** IPv4. */
    IPV4,
    /** IPv6. */
    IPV6
  }

  @XmlAttribute private final @Nullable String family = null;
  @XmlAttribute private final String address;
  @XmlAttribute private final @Nullable String netmask = null;
  @XmlAttribute private final @Nullable Integer prefix = null;
  @XmlAttribute private final @Nullable String localPtr = null;
  @XmlElement private final @Nullable Tftp tftp = null;
  @XmlElement private final @Nullable Dhcp dhcp = null;

  private Ip() {
    address = "";
  }

  /** The family; IPv4 where the attribute is absent. */
  public Family family() {
    return "ipv6".equals(family) ? Family.IPV6 : Family.IPV4;
  }

  /** The host's address, as written. */
  public String address() {
    return address;
  }

  /** The address with its prefix. */
  public Subnet subnet() {
    return Subnet.of(address, netmask, prefix);
  }

  /** The IPv4 netmask in dotted form. */
  public String netmask() {
    return netmask == null ? subnet().netmask() : netmask;
  }

  /** Whether questions about the names of these addresses are answered here or not at all. */
  public boolean localPtr() {
    return "yes".equals(localPtr);
  }

  /** Folder of files served by TFTP. */
  public Optional<String> tftpRoot() {
    return Optional.ofNullable(tftp).map(t -> t.root);
  }

  /** The DHCP server. */
  public Optional<Dhcp> dhcp() {
    return Optional.ofNullable(dhcp);
  }

  /** Whether DHCP hands out any address here. */
  public boolean servesDhcp() {
    return dhcp != null && (!dhcp.ranges().isEmpty() || !dhcp.hosts().isEmpty());
  }

  static final class Tftp {
    @XmlAttribute private final String root;

    private Tftp() {
      root = "";
    }
  }
}
