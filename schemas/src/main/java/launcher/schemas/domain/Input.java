package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code <input>}: mouse, keyboard, tablet, or an input device of the host. */
public final class Input extends Device {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable String bus;
  @XmlAttribute private @Nullable String model;
  @XmlElement private @Nullable VirtioDriver driver;
  @XmlElement private @Nullable Source source;

  private Input() {}

  /** {@code mouse}, {@code keyboard}, {@code tablet}, {@code passthrough} or {@code evdev}. */
  public String type() {
    return type == null ? "" : type;
  }

  /** {@code ps2}, {@code usb}, {@code virtio} or {@code none}; empty where not said. */
  public String bus() {
    return bus == null ? "" : bus;
  }

  /** {@code virtio}, {@code virtio-transitional} or {@code virtio-non-transitional}. */
  public String model() {
    return model == null ? "virtio" : model;
  }

  /** Options of a virtio device. */
  public Optional<VirtioDriver> driver() {
    return Optional.ofNullable(driver);
  }

  /** The host's event device. */
  public Optional<Source> source() {
    return Optional.ofNullable(source);
  }

  /** The host's event device and how it is taken. */
  @XmlType(name = "")
  public static final class Source {
    @XmlAttribute private @Nullable String evdev;
    @XmlAttribute private @Nullable String dev;
    @XmlAttribute private @Nullable String grab;
    @XmlAttribute private @Nullable String grabToggle;
    @XmlAttribute private @Nullable String repeat;

    private Source() {}

    /** Path below {@code /dev/input}. */
    public String path() {
      return evdev != null ? evdev : dev != null ? dev : "";
    }

    /** Whether this device takes and gives back all others with itself. */
    public boolean grabAll() {
      return "all".equals(grab);
    }

    /** The two keys that take the device and give it back. */
    public Optional<String> grabToggle() {
      return Optional.ofNullable(grabToggle);
    }

    /** Whether keys repeat. */
    public Optional<Boolean> repeat() {
      return Toggle.of(repeat);
    }
  }
}
