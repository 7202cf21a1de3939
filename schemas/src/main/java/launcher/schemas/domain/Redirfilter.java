package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <redirfilter>}: which USB devices may be redirected; the first rule that fits decides. */
public final class Redirfilter extends ModelElement {
  @XmlElement(name = "usbdev")
  private final List<Rule> rules = new ArrayList<>();

  private Redirfilter() {}

  /** The rules in their order. */
  public List<Rule> rules() {
    return List.copyOf(rules);
  }

  /** One rule; a number that is absent fits every device. */
  @XmlType(name = "")
  public static final class Rule {
    @XmlAttribute(name = "class")
    private @Nullable String deviceClass;

    @XmlAttribute private @Nullable String vendor;
    @XmlAttribute private @Nullable String product;
    @XmlAttribute private @Nullable String version;
    @XmlAttribute private @Nullable String allow;

    private Rule() {}

    /** USB class, 0 to 255. */
    public OptionalInt deviceClass() {
      return number(deviceClass);
    }

    /** Vendor, 16 bits. */
    public OptionalInt vendor() {
      return number(vendor);
    }

    /** Product, 16 bits. */
    public OptionalInt product() {
      return number(product);
    }

    /** The device's release, as written: {@code 1.10}. */
    public Optional<String> version() {
      return Optional.ofNullable(version).filter(v -> !v.equals("-1"));
    }

    /** Whether such a device may be redirected. */
    public boolean allow() {
      return Toggle.isSet(allow);
    }

    private static OptionalInt number(@Nullable String text) {
      OptionalLong value = Numbers.parse(text);
      return value.isEmpty() || value.getAsLong() < 0
          ? OptionalInt.empty()
          : OptionalInt.of((int) value.getAsLong());
    }
  }
}
