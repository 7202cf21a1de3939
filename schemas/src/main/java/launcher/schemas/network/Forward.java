package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** How a network's packets leave it. */
public final class Forward extends ModelElement {
  /** The ways out (libvirt formatnetwork, {@code <forward mode=…>}). */
  public enum Mode {
    /** Nowhere: guests reach the host and each other. */
    NONE,
    /** Behind the host's own addresses. */
    NAT,
    /** Routed as they are, both ways. */
    ROUTE,
    /** Routed, with no rule of launcher's. */
    OPEN,
    /** Plugged into a bridge that somebody else made, or macvtap in bridge mode. */
    BRIDGE,
    /** macvtap: guests do not see each other. */
    PRIVATE,
    /** macvtap: the switch outside sends frames back. */
    VEPA,
    /** macvtap: one guest owns the host's interface. */
    PASSTHROUGH;

    /** Whether launcher makes the bridge and its firewall itself. */
    public boolean ownsBridge() {
      return switch (this) {
        case NONE, NAT, ROUTE, OPEN -> true;
        case BRIDGE, PRIVATE, VEPA, PASSTHROUGH -> false;
      };
    }

    /** Whether the host routes packets between this network and others. */
    public boolean routes() {
      return switch (this) {
        case NAT, ROUTE, OPEN -> true;
        case NONE, BRIDGE, PRIVATE, VEPA, PASSTHROUGH -> false;
      };
    }

    /** The word of the XML. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @XmlAttribute private final @Nullable String mode = null;
  @XmlAttribute private final @Nullable String dev = null;
  @XmlElement private final @Nullable Nat nat = null;

  @XmlElement(name = "interface")
  private final List<Interface> interfaces = new ArrayList<>();

  Forward() {}

  /** The mode; NAT where the attribute is absent. */
  public Mode mode() {
    return mode == null ? Mode.NAT : Mode.valueOf(mode.toUpperCase(Locale.ROOT));
  }

  /** The host's interfaces packets leave by, empty for any. */
  public List<String> interfaces() {
    return Stream.concat(Optional.ofNullable(dev).stream(), interfaces.stream().map(i -> i.dev))
        .distinct()
        .toList();
  }

  /** Details of address translation; with defaults where the element is absent. */
  public Nat nat() {
    return nat == null ? new Nat() : nat;
  }

  /** Whether IPv6 is translated as well and not routed. */
  public boolean natsIpv6() {
    return nat().translatesIpv6();
  }

  static final class Interface {
    @XmlAttribute private final String dev;

    private Interface() {
      dev = "";
    }
  }
}
