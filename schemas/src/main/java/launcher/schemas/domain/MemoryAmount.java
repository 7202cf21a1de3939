package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <memory>}, {@code <currentMemory>}, {@code <maxMemory>}: an amount of memory. */
public final class MemoryAmount extends ModelElement {
  @XmlAttribute private @Nullable String unit;
  @XmlAttribute private @Nullable String dumpCore;
  @XmlAttribute private @Nullable String slots;
  @XmlValue private @Nullable String amount;

  private MemoryAmount() {}

  /** Unit of the amount, KiB once completed. */
  public Optional<String> unit() {
    return Optional.ofNullable(unit);
  }

  /** Whether guest memory is part of a core dump: on or off. */
  public Optional<String> dumpCore() {
    return Optional.ofNullable(dumpCore);
  }

  /** Places for memory modules. */
  public OptionalLong slots() {
    return Numbers.parse(slots);
  }

  /** The amount in its unit. */
  public String amount() {
    return amount == null ? "" : amount;
  }
}
