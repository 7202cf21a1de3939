package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** A route to a network behind a guest. */
public final class Route extends ModelElement {
  @XmlAttribute private final @Nullable String family = null;
  @XmlAttribute private final String address;
  @XmlAttribute private final @Nullable String netmask = null;
  @XmlAttribute private final @Nullable Integer prefix = null;
  @XmlAttribute private final String gateway;
  @XmlAttribute private final @Nullable Integer metric = null;

  private Route() {
    address = "";
    gateway = "";
  }

  /** The family; IPv4 where the attribute is absent. */
  public Ip.Family family() {
    return "ipv6".equals(family) ? Ip.Family.IPV6 : Ip.Family.IPV4;
  }

  /** The network that is reached. */
  public Subnet subnet() {
    return Subnet.of(address, netmask, prefix);
  }

  /** The guest that forwards, as written. */
  public String gateway() {
    return gateway;
  }

  /** The lowest is taken first. */
  public Optional<Integer> metric() {
    return Optional.ofNullable(metric);
  }
}
