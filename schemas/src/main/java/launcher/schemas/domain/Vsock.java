package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code <vsock>}: sockets between host and guest. */
public final class Vsock extends Device {
  @XmlAttribute private @Nullable String model;
  @XmlElement private @Nullable Cid cid;
  @XmlElement private @Nullable VirtioDriver driver;

  private Vsock() {}

  /** {@code virtio} and its kin. */
  public String model() {
    return model == null ? "virtio" : model;
  }

  /** Whether the guest's address is chosen at start. */
  public boolean autoCid() {
    return cid == null || Toggle.isSet(cid.auto);
  }

  /** The guest's address, at least 3. */
  public OptionalLong cid() {
    return Numbers.parse(cid == null ? null : cid.address);
  }

  /** Options of the virtio device. */
  public Optional<VirtioDriver> driver() {
    return Optional.ofNullable(driver);
  }

  @XmlType(name = "")
  private static final class Cid {
    @XmlAttribute private @Nullable String auto;
    @XmlAttribute private @Nullable String address;
  }
}
