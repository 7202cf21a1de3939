package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code <hostdev>}: a device of the host given to the guest. */
public final class Hostdev extends Device {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable String managed;
  @XmlAttribute private @Nullable String model;
  @XmlAttribute private @Nullable String display;
  @XmlAttribute private @Nullable String ramfb;
  @XmlAttribute private @Nullable String rawio;
  @XmlElement private @Nullable HostdevSource source;
  @XmlElement private @Nullable HostdevDriver driver;
  @XmlElement private @Nullable Presence readonly;
  @XmlElement private @Nullable Presence shareable;
  @XmlElement private @Nullable Teaming teaming;

  private Hostdev() {}

  /** The device of the host. */
  public HostdevBackend backend() {
    HostdevSource from = source == null ? HostdevSource.none() : source;
    return from.typed(type == null ? "" : type, model == null ? "" : model);
  }

  /** Whether the launcher takes the device from the host's driver and gives it back. */
  public boolean managed() {
    return Toggle.isSet(managed);
  }

  /** {@code vfio-pci}, {@code virtio-transitional} … */
  public String model() {
    return model == null ? "" : model;
  }

  /** {@code on} or {@code off}: whether a graphics device shows its picture. */
  public Optional<String> display() {
    return Optional.ofNullable(display);
  }

  /** Whether the firmware gets a framebuffer. */
  public Optional<Boolean> ramfb() {
    return Toggle.of(ramfb);
  }

  /** Whether the guest may send any SCSI command. */
  public boolean rawIo() {
    return Toggle.isSet(rawio);
  }

  /** The kernel's driver for the device, instead of the usual. */
  public Optional<String> driverModel() {
    return driver == null ? Optional.empty() : Optional.ofNullable(driver.model);
  }

  /** Whether the guest cannot write. */
  public boolean readOnly() {
    return readonly != null;
  }

  /** Whether several guests use it at once. */
  public boolean shareable() {
    return shareable != null;
  }

  /** Id of the interface that stands in while this one is away. */
  public Optional<String> persistentPartner() {
    return teaming == null ? Optional.empty() : Optional.ofNullable(teaming.persistent);
  }

  static final class HostdevDriver {
    @XmlAttribute private @Nullable String model;
  }

  static final class Teaming {
    @XmlAttribute private @Nullable String persistent;
  }
}
