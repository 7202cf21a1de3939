package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <pm>}: which sleep states the guest's firmware offers. */
public final class Pm extends ModelElement {
  @XmlElement(name = "suspend-to-mem")
  private @Nullable Switch suspendToMem;

  @XmlElement(name = "suspend-to-disk")
  private @Nullable Switch suspendToDisk;

  private Pm() {}

  /** S3. */
  public Optional<Switch> suspendToMem() {
    return Optional.ofNullable(suspendToMem);
  }

  /** S4. */
  public Optional<Switch> suspendToDisk() {
    return Optional.ofNullable(suspendToDisk);
  }

  /** a sleep state. */
  @XmlType(name = "Pm.Switch")
  public static final class Switch extends ModelElement {
    @XmlAttribute private @Nullable String enabled;

    private Switch() {}

    /** Yes or no. */
    public Optional<String> enabled() {
      return Optional.ofNullable(enabled);
    }
  }
}
