package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** How source addresses are translated. */
public final class Nat extends ModelElement {
  /** First port of translated TCP and UDP connections: below are the ports of servers. */
  public static final int FIRST_PORT = 1024;

  /** Last port of translated TCP and UDP connections. */
  public static final int LAST_PORT = 65535;

  @XmlAttribute private final @Nullable String ipv6 = null;
  @XmlElement private final @Nullable Addresses address = null;
  @XmlElement private final @Nullable Ports port = null;

  Nat() {}

  boolean translatesIpv6() {
    return "yes".equals(ipv6);
  }

  /** The addresses to translate to; none means the address of the interface packets leave by. */
  public Optional<Addresses> addresses() {
    return Optional.ofNullable(address);
  }

  /** First port to translate to. */
  public int firstPort() {
    return port == null ? FIRST_PORT : port.start;
  }

  /** Last port to translate to. */
  public int lastPort() {
    return port == null ? LAST_PORT : port.end;
  }

  /** A range of addresses. */
  public static final class Addresses extends ModelElement {
    @XmlAttribute private final String start;
    @XmlAttribute private final @Nullable String end = null;

    private Addresses() {
      start = "";
    }

    /** First address, as written. */
    public String start() {
      return start;
    }

    /** Last address, as written. */
    public String end() {
      return end == null ? start : end;
    }
  }

  static final class Ports {
    @XmlAttribute private final int start;
    @XmlAttribute private final int end;

    private Ports() {
      start = FIRST_PORT;
      end = LAST_PORT;
    }
  }
}
