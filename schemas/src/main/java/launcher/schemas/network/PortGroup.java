package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** A class of guest interfaces. */
public final class PortGroup extends ModelElement {
  @XmlAttribute private final String name;

  @XmlAttribute(name = "default")
  private final @Nullable String chosen = null;

  @XmlElement private final @Nullable Bandwidth bandwidth = null;

  private PortGroup() {
    name = "";
  }

  /** The name that interfaces ask for. */
  public String name() {
    return name;
  }

  /** Whether interfaces that ask for no group are of this one. */
  public boolean isDefault() {
    return "yes".equals(chosen);
  }

  /** Limits for each interface. */
  public Optional<Bandwidth> bandwidth() {
    return Optional.ofNullable(bandwidth);
  }
}
