package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code <memballoon>}: takes memory from the running guest and gives it back. */
public final class Memballoon extends Device {
  @XmlAttribute private @Nullable String model;
  @XmlAttribute private @Nullable String autodeflate;
  @XmlAttribute private @Nullable String freePageReporting;
  @XmlElement private @Nullable VirtioDriver driver;
  @XmlElement private @Nullable Stats stats;

  private Memballoon() {}

  /** {@code virtio} and its kin, or {@code none}. */
  public String model() {
    return model == null ? "none" : model;
  }

  /** Whether the guest gets memory back when it has none left. */
  public Optional<Boolean> autodeflate() {
    return Toggle.of(autodeflate);
  }

  /** Whether the guest reports pages it does not use. */
  public Optional<Boolean> freePageReporting() {
    return Toggle.of(freePageReporting);
  }

  /** Options of the virtio device. */
  public Optional<VirtioDriver> driver() {
    return Optional.ofNullable(driver);
  }

  /** Seconds between two readings of the guest's memory figures. */
  public OptionalInt statsPeriodSeconds() {
    return stats == null || stats.period == null
        ? OptionalInt.empty()
        : OptionalInt.of(stats.period);
  }

  @XmlType(name = "")
  private static final class Stats {
    @XmlAttribute private @Nullable Integer period;
  }
}
