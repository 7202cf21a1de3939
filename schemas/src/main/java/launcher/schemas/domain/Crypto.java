package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code <crypto>}: a device that encrypts for the guest. */
public final class Crypto extends Device {
  @XmlElement private @Nullable Backend backend;
  @XmlElement private @Nullable VirtioDriver driver;

  private Crypto() {}

  /** What does the work: {@code builtin} or {@code lkcf}. */
  public String backend() {
    return backend == null || backend.model == null ? "builtin" : backend.model;
  }

  /** Number of queues. */
  public OptionalInt queues() {
    return backend == null || backend.queues == null
        ? OptionalInt.empty()
        : OptionalInt.of(backend.queues);
  }

  /** Options of the virtio device. */
  public Optional<VirtioDriver> driver() {
    return Optional.ofNullable(driver);
  }

  @XmlType(name = "")
  private static final class Backend {
    @XmlAttribute private @Nullable String model;
    @XmlAttribute private @Nullable Integer queues;
  }
}
