package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The raw {@code <size unit=>} and its like. */
final class Scaled {
  @XmlAttribute private @Nullable String unit;
  @XmlValue private @Nullable String amount;

  private Scaled() {}

  OptionalLong bytes(String usualUnit) {
    return Numbers.bytes(amount, unit, usualUnit);
  }
}
