package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** The name server of a network. */
public final class Dns extends ModelElement {
  @XmlAttribute private final @Nullable String enable = null;
  @XmlAttribute private final @Nullable String forwardPlainNames = null;

  @XmlElement(name = "forwarder")
  private final List<Forwarder> forwarders = new ArrayList<>();

  @XmlElement(name = "txt")
  private final List<Txt> texts = new ArrayList<>();

  @XmlElement(name = "srv")
  private final List<Srv> services = new ArrayList<>();

  @XmlElement(name = "host")
  private final List<Host> hosts = new ArrayList<>();

  Dns() {}

  /** Whether names are served at all. */
  public boolean enabled() {
    return !"no".equals(enable);
  }

  /** Whether names without a dot are asked of other servers. */
  public boolean forwardsPlainNames() {
    return !"no".equals(forwardPlainNames);
  }

  /** Servers to ask. */
  public List<Forwarder> forwarders() {
    return List.copyOf(forwarders);
  }

  /** TXT records. */
  public List<Txt> texts() {
    return List.copyOf(texts);
  }

  /** SRV records. */
  public List<Srv> services() {
    return List.copyOf(services);
  }

  /** Names of addresses. */
  public List<Host> hosts() {
    return List.copyOf(hosts);
  }

  /** A server to ask, for every name or those of a domain. */
  public static final class Forwarder extends ModelElement {
    @XmlAttribute private final @Nullable String domain = null;
    @XmlAttribute private final @Nullable String addr = null;

    private Forwarder() {}

    /** The domain the server is for. */
    public Optional<String> domain() {
      return Optional.ofNullable(domain);
    }

    /** The server's address; none means the host's own servers. */
    public Optional<String> address() {
      return Optional.ofNullable(addr);
    }
  }

  /** A TXT record. */
  public static final class Txt extends ModelElement {
    @XmlAttribute private final String name;
    @XmlAttribute private final String value;

    private Txt() {
      name = "";
      value = "";
    }

    /** The name asked for. */
    public String name() {
      return name;
    }

    /** The text answered. */
    public String value() {
      return value;
    }
  }

  /** A SRV record. */
  public static final class Srv extends ModelElement {
    @XmlAttribute private final String service;
    @XmlAttribute private final String protocol;
    @XmlAttribute private final @Nullable String domain = null;
    @XmlAttribute private final @Nullable String target = null;
    @XmlAttribute private final @Nullable Integer port = null;
    @XmlAttribute private final @Nullable Integer priority = null;
    @XmlAttribute private final @Nullable Integer weight = null;

    private Srv() {
      service = "";
      protocol = "";
    }

    /** Name of the service, without the leading underscore. */
    public String service() {
      return service;
    }

    /** Name of the protocol, without the leading underscore. */
    public String protocol() {
      return protocol;
    }

    /** Domain of the record. */
    public Optional<String> domain() {
      return Optional.ofNullable(domain);
    }

    /** Host that serves. */
    public Optional<String> target() {
      return Optional.ofNullable(target);
    }

    /** Port of the service. */
    public Optional<Integer> port() {
      return Optional.ofNullable(port);
    }

    /** The lowest is asked first. */
    public Optional<Integer> priority() {
      return Optional.ofNullable(priority);
    }

    /** Share among servers of one priority. */
    public Optional<Integer> weight() {
      return Optional.ofNullable(weight);
    }
  }

  /** The names of an address. */
  @XmlType(name = "dnsHost")
  public static final class Host extends ModelElement {
    @XmlAttribute private final String ip;

    @XmlElement(name = "hostname")
    private final List<String> names = new ArrayList<>();

    private Host() {
      ip = "";
    }

    /** The address, as written. */
    public String ip() {
      return ip;
    }

    /** Its names. */
    public List<String> names() {
      return List.copyOf(names);
    }
  }
}
