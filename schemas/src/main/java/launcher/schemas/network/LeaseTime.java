package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** How long an address is lent. */
public final class LeaseTime extends ModelElement {
  /** What the number counts. */
  public enum Unit {
    /** Seconds. */
    SECONDS,
    /** Minutes, where the attribute is absent. */
    MINUTES,
    /** Hours. */
    HOURS
  }

  @XmlAttribute private final long expiry;
  @XmlAttribute private final @Nullable String unit = null;

  private LeaseTime() {
    expiry = 0;
  }

  /** The number of units, 0 for ever. */
  public long expiry() {
    return expiry;
  }

  /** What {@link #expiry} counts. */
  public Unit unit() {
    return switch (unit) {
      case "seconds" -> Unit.SECONDS;
      case "hours" -> Unit.HOURS;
      case null, default -> Unit.MINUTES;
    };
  }
}
