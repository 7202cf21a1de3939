package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <vcpu>}: how many CPUs, and where on the host they run. */
public final class Vcpu extends ModelElement {
  @XmlAttribute private @Nullable String placement;
  @XmlAttribute private @Nullable String current;
  @XmlAttribute private @Nullable String cpuset;
  @XmlValue private @Nullable String count;

  private Vcpu() {}

  /** Static or auto. */
  public Optional<String> placement() {
    return Optional.ofNullable(placement);
  }

  /** CPUs present at boot, fewer than can be added. */
  public OptionalLong current() {
    return Numbers.parse(current);
  }

  /** Host CPUs they may use. */
  public Optional<String> cpuset() {
    return Optional.ofNullable(cpuset);
  }

  /** Most CPUs. */
  public String count() {
    return count == null ? "" : count;
  }
}
