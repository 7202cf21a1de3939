package launcher.schemas.network;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** Limits on traffic. */
public final class Bandwidth extends ModelElement {
  @XmlElement private final @Nullable Limit inbound = null;
  @XmlElement private final @Nullable Limit outbound = null;

  private Bandwidth() {}

  /** Limit on what guests receive. */
  public Optional<Limit> inbound() {
    return Optional.ofNullable(inbound);
  }

  /** Limit on what guests send. */
  public Optional<Limit> outbound() {
    return Optional.ofNullable(outbound);
  }

  /** A limit in one direction. */
  public static final class Limit extends ModelElement {
    @XmlAttribute private final @Nullable Long average = null;
    @XmlAttribute private final @Nullable Long peak = null;
    @XmlAttribute private final @Nullable Long burst = null;
    @XmlAttribute private final @Nullable Long floor = null;

    private Limit() {}

    /** Average rate, in kB (1000 bytes) a second. */
    public Optional<Long> average() {
      return Optional.ofNullable(average);
    }

    /** Highest rate, in kB a second. */
    public Optional<Long> peak() {
      return Optional.ofNullable(peak);
    }

    /** What may be sent at the highest rate, in KiB. */
    public Optional<Long> burst() {
      return Optional.ofNullable(burst);
    }

    /** Rate that is kept free for this interface, in kB a second. */
    public Optional<Long> floor() {
      return Optional.ofNullable(floor);
    }
  }
}
