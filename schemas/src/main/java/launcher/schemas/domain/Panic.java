package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import org.jspecify.annotations.Nullable;

/** {@code <panic>}: how a guest that has crashed tells the host. */
public final class Panic extends Device {
  @XmlAttribute private @Nullable String model;

  private Panic() {}

  /** {@code isa}, {@code hyperv}, {@code pseries}, {@code s390} or {@code pvpanic}. */
  public String model() {
    return model == null ? "" : model;
  }
}
