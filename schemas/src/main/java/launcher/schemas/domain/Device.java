package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlTransient;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** What the elements of {@code <devices>} have in common: alias, address, boot order, PCI ROM. */
@XmlTransient
public abstract class Device extends ModelElement {
  @XmlElement private @Nullable Alias alias;
  @XmlElement private @Nullable AddressElement address;
  @XmlElement private @Nullable Boot boot;
  @XmlElement private @Nullable Rom rom;
  @XmlElement private @Nullable Acpi acpi;

  /** For the kinds of devices. */
  protected Device() {}

  /**
   * The id of the device inside the guest's process.
   *
   * @throws IllegalStateException before aliases are given (they are, when a guest is prepared)
   */
  public final String alias() {
    if (alias == null || alias.name == null) {
      throw new IllegalStateException("no alias yet: " + element());
    }
    return alias.name;
  }

  /** Whether the device has an id. */
  public final boolean hasAlias() {
    return alias != null && alias.name != null;
  }

  /** Where the device is plugged in. */
  public final Optional<Address> address() {
    return Optional.ofNullable(address).map(AddressElement::typed);
  }

  /** Place in the order of devices to boot from, from 1. */
  public final OptionalInt bootOrder() {
    return boot == null || boot.order == null ? OptionalInt.empty() : OptionalInt.of(boot.order);
  }

  /** For {@code <boot loadparm=…>} (s390). */
  public final Optional<String> loadparm() {
    return boot == null ? Optional.empty() : Optional.ofNullable(boot.loadparm);
  }

  /** The {@code <rom>} of a PCI device. */
  public final Optional<Rom> rom() {
    return Optional.ofNullable(rom);
  }

  /** {@code <acpi index=…>}: the number the guest names a PCI device by. */
  public final OptionalInt acpiIndex() {
    return acpi == null || acpi.index == null ? OptionalInt.empty() : OptionalInt.of(acpi.index);
  }

  static final class Alias {
    @XmlAttribute private @Nullable String name;
  }

  static final class Boot {
    @XmlAttribute private @Nullable Integer order;
    @XmlAttribute private @Nullable String loadparm;
  }

  static final class Acpi {
    @XmlAttribute private @Nullable Integer index;
  }

  /** {@code <rom bar= file= enabled=>}. */
  public static final class Rom {
    @XmlAttribute private @Nullable String bar;
    @XmlAttribute private @Nullable String file;
    @XmlAttribute private @Nullable String enabled;

    private Rom() {}

    /** {@code on} or {@code off}. */
    public Optional<String> bar() {
      return Optional.ofNullable(bar);
    }

    /** Path of the ROM image, empty text for none. */
    public Optional<String> file() {
      return Optional.ofNullable(file);
    }

    /** {@code yes} or {@code no}. */
    public Optional<String> enabled() {
      return Optional.ofNullable(enabled);
    }
  }
}
