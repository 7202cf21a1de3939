package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code <pstore>}: memory that keeps the guest's last words over a crash. */
public final class Pstore extends Device {
  @XmlAttribute private @Nullable String backend;
  @XmlElement private @Nullable String path;
  @XmlElement private @Nullable Scaled size;

  private Pstore() {}

  /** Only {@code acpi-erst} is known. */
  public String backend() {
    return backend == null ? "" : backend;
  }

  /** The host's file that keeps it; none where the launcher chooses. */
  public Optional<String> path() {
    return Optional.ofNullable(path);
  }

  /** Size in bytes. */
  public OptionalLong sizeBytes() {
    return size == null ? OptionalLong.empty() : size.bytes("KiB");
  }
}
