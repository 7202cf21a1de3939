package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** What a DHCP server hands out. */
public final class Dhcp extends ModelElement {
  @XmlElement(name = "range")
  private final List<Range> ranges = new ArrayList<>();

  @XmlElement(name = "host")
  private final List<Host> hosts = new ArrayList<>();

  @XmlElement private final @Nullable Bootp bootp = null;

  private Dhcp() {}

  /** Ranges of addresses for anybody. */
  public List<Range> ranges() {
    return List.copyOf(ranges);
  }

  /** Addresses reserved for somebody. */
  public List<Host> hosts() {
    return List.copyOf(hosts);
  }

  /** What to boot from the network. */
  public Optional<Bootp> bootp() {
    return Optional.ofNullable(bootp);
  }

  /** A range of addresses. */
  public static final class Range extends ModelElement {
    @XmlAttribute private final String start;
    @XmlAttribute private final String end;
    @XmlElement private final @Nullable LeaseTime lease = null;

    private Range() {
      start = "";
      end = "";
    }

    /** First address, as written. */
    public String start() {
      return start;
    }

    /** Last address, as written. */
    public String end() {
      return end;
    }

    /** How long an address is lent; none for dnsmasq's own time. */
    public Optional<LeaseTime> lease() {
      return Optional.ofNullable(lease);
    }
  }

  /** An address reserved for a hardware address, a client identifier or a name. */
  public static final class Host extends ModelElement {
    @XmlAttribute private final @Nullable String mac = null;
    @XmlAttribute private final @Nullable String id = null;
    @XmlAttribute private final @Nullable String name = null;
    @XmlAttribute private final String ip;
    @XmlElement private final @Nullable LeaseTime lease = null;

    private Host() {
      ip = "";
    }

    /** Hardware address of the client. */
    public Optional<String> mac() {
      return Optional.ofNullable(mac);
    }

    /** DHCP unique identifier of an IPv6 client. */
    public Optional<String> id() {
      return Optional.ofNullable(id);
    }

    /** Name of the client, and to give to it. */
    public Optional<String> name() {
      return Optional.ofNullable(name);
    }

    /** The address, as written. */
    public String ip() {
      return ip;
    }

    /** How long the address is lent. */
    public Optional<LeaseTime> lease() {
      return Optional.ofNullable(lease);
    }
  }

  /** A file to boot from the network. */
  public static final class Bootp extends ModelElement {
    @XmlAttribute private final String file;
    @XmlAttribute private final @Nullable String server = null;

    private Bootp() {
      file = "";
    }

    /** Name of the file on the TFTP server. */
    public String file() {
      return file;
    }

    /** Address or name of another TFTP server. */
    public Optional<String> server() {
      return Optional.ofNullable(server);
    }
  }
}
