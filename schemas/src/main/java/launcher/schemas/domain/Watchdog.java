package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import org.jspecify.annotations.Nullable;

/** {@code <watchdog>}: acts when the guest has stopped living. */
public final class Watchdog extends Device {
  @XmlAttribute private @Nullable String model;
  @XmlAttribute private @Nullable String action;

  private Watchdog() {}

  /** {@code i6300esb}, {@code ib700}, {@code diag288} or {@code itco}. */
  public String model() {
    return model == null ? "" : model;
  }

  /** What happens: {@code reset}, {@code poweroff}, {@code pause}, {@code dump} … */
  public String action() {
    return action == null ? "reset" : action;
  }
}
