package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** The DNS domain of a network's guests. */
public final class DnsDomain extends ModelElement {
  @XmlAttribute private final String name;
  @XmlAttribute private final @Nullable String localOnly = null;
  @XmlAttribute private final @Nullable String register = null;

  private DnsDomain() {
    name = "";
  }

  /** The name of the domain. */
  public String name() {
    return name;
  }

  /** Whether questions about the domain are answered here or not at all. */
  public boolean localOnly() {
    return "yes".equals(localOnly);
  }

  /** Whether the host's systemd-resolved is to ask this network's server about the domain. */
  public boolean register() {
    return "yes".equals(register);
  }
}
