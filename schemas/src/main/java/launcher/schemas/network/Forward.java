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
    PASSTHROUGH,
    /** Each card is a PCI device of the host. */
    HOSTDEV;

    /** Whether launcher makes the bridge and its firewall itself. */
    public boolean ownsBridge() {
      return switch (this) {
        case NONE, NAT, ROUTE, OPEN -> true;
        case BRIDGE, PRIVATE, VEPA, PASSTHROUGH, HOSTDEV -> false;
      };
    }

    /** Whether the host routes packets between this network and others. */
    public boolean routes() {
      return switch (this) {
        case NAT, ROUTE, OPEN -> true;
        case NONE, BRIDGE, PRIVATE, VEPA, PASSTHROUGH, HOSTDEV -> false;
      };
    }

    /** The word of the XML. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @XmlAttribute private final @Nullable String mode = null;
  @XmlAttribute private final @Nullable String dev = null;
  @XmlAttribute private final @Nullable String managed = null;
  @XmlElement private final @Nullable PhysicalFunction pf = null;
  @XmlElement private final @Nullable Driver driver = null;

  @XmlElement(name = "address")
  private final List<Function> addresses = new ArrayList<>();

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

  /** Whether launcher takes devices from the host's driver and gives them back. */
  public boolean managed() {
    return "yes".equals(managed);
  }

  /** The host's network card whose virtual functions are handed out. */
  public Optional<String> physicalFunction() {
    return Optional.ofNullable(pf).map(card -> card.dev);
  }

  /** PCI addresses of the devices that are handed out, as in {@code 0000:01:10.2}. */
  public List<String> functions() {
    return addresses.stream().map(Function::address).toList();
  }

  /** The driver that hands the devices over, instead of the usual one. */
  public Optional<String> driverModel() {
    return Optional.ofNullable(driver).map(d -> d.model);
  }

  static final class PhysicalFunction {
    @XmlAttribute private final String dev;

    private PhysicalFunction() {
      dev = "";
    }
  }

  static final class Driver {
    @XmlAttribute private final @Nullable String model = null;

    private Driver() {}
  }

  static final class Function {
    @XmlAttribute private final @Nullable String domain = null;
    @XmlAttribute private final @Nullable String bus = null;
    @XmlAttribute private final @Nullable String slot = null;
    @XmlAttribute private final @Nullable String function = null;

    private Function() {}

    private String address() {
      return "%04x:%02x:%02x.%x"
          .formatted(number(domain), number(bus), number(slot), number(function));
    }

    private static int number(@Nullable String text) {
      return text == null ? 0 : Integer.decode(text.strip());
    }
  }

  static final class Interface {
    @XmlAttribute private final String dev;

    private Interface() {
      dev = "";
    }
  }
}
