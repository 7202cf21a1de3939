package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import java.time.Duration;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** The bridge that guests of a network are plugged into. */
public final class Bridge extends ModelElement {
  @XmlAttribute private final @Nullable String name = null;
  @XmlAttribute private final @Nullable String stp = null;
  @XmlAttribute private final @Nullable String delay = null;
  @XmlAttribute private final @Nullable String zone = null;
  @XmlAttribute private final @Nullable String macTableManager = null;

  Bridge() {}

  /** Name of the interface, none where launcher is to choose one. */
  public Optional<String> name() {
    return Optional.ofNullable(name).filter(n -> !n.isEmpty());
  }

  /** Whether the spanning tree protocol runs, which it does unless switched off. */
  public boolean stp() {
    return !"off".equals(stp);
  }

  /** How long a new port waits before it forwards. */
  public Duration forwardDelay() {
    return delay == null
        ? Duration.ZERO
        : Duration.ofMillis(Math.round(Double.parseDouble(delay) * 1000));
  }

  /** The firewalld zone asked for by name. */
  public Optional<String> zone() {
    return Optional.ofNullable(zone);
  }

  /** Whether launcher fills the bridge's table of hardware addresses instead of the kernel. */
  public boolean managesMacTable() {
    return "libvirt".equals(macTableManager);
  }
}
