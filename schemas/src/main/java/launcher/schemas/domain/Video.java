package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code <video>}: a graphics card. */
public final class Video extends Device {
  @XmlElement private @Nullable Model model;
  @XmlElement private @Nullable Driver driver;

  private Video() {}

  /** The card, such as {@code qxl} or {@code virtio}; {@code none} for no card at all. */
  public String model() {
    return model == null || model.type == null ? "" : model.type;
  }

  /** Memory in KiB that the guest sees first. */
  public OptionalLong ramKib() {
    return Numbers.parse(model == null ? null : model.ram);
  }

  /** Video memory in KiB. */
  public OptionalLong vramKib() {
    return Numbers.parse(model == null ? null : model.vram);
  }

  /** A second, 64-bit video memory in KiB. */
  public OptionalLong vram64Kib() {
    return Numbers.parse(model == null ? null : model.vram64);
  }

  /** Memory in KiB of the VGA part. */
  public OptionalLong vgamemKib() {
    return Numbers.parse(model == null ? null : model.vgamem);
  }

  /** Number of monitors, 0 where the XML does not say. */
  public int heads() {
    return model == null || model.heads == null ? 0 : model.heads;
  }

  /** Whether this is the card that the firmware uses. */
  public boolean primary() {
    return model != null && Toggle.isSet(model.primary);
  }

  /** Whether memory may be shared with the host by reference. */
  public Optional<Boolean> blob() {
    return model == null ? Optional.empty() : Toggle.of(model.blob);
  }

  /** Whether the card draws in three dimensions. */
  public Optional<Boolean> accel3d() {
    return model == null || model.acceleration == null
        ? Optional.empty()
        : Toggle.of(model.acceleration.accel3d);
  }

  /** The host's render node that a separate graphics process uses. */
  public Optional<String> renderNode() {
    return model == null || model.acceleration == null
        ? Optional.empty()
        : Optional.ofNullable(model.acceleration.rendernode);
  }

  /** The size of the picture at first. */
  public Optional<Resolution> resolution() {
    return model == null || model.resolution == null
        ? Optional.empty()
        : Optional.of(new Resolution(model.resolution.x, model.resolution.y));
  }

  /** Whether the card is a separate process (vhost-user). */
  public boolean vhostUser() {
    return driver != null && "vhostuser".equals(driver.name);
  }

  /** How the bochs-like cards behave at start: {@code io}, {@code on} or {@code off}. */
  public Optional<String> vgaConf() {
    return driver == null ? Optional.empty() : Optional.ofNullable(driver.vgaconf);
  }

  /** Options of a virtio card. */
  public Optional<VirtioDriver> driver() {
    return Optional.ofNullable(driver);
  }

  /** Width and height in pixels. */
  public record Resolution(int x, int y) {}

  @XmlType(name = "")
  private static final class Driver extends VirtioDriver {
    @XmlAttribute private @Nullable String name;
    @XmlAttribute private @Nullable String vgaconf;
  }

  @XmlType(name = "")
  private static final class Model {
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String ram;
    @XmlAttribute private @Nullable String vram;

    @XmlAttribute(name = "vram64") // JAXB would write a capital after the digit
    private @Nullable String vram64;

    @XmlAttribute private @Nullable String vgamem;
    @XmlAttribute private @Nullable Integer heads;
    @XmlAttribute private @Nullable String primary;
    @XmlAttribute private @Nullable String blob;
    @XmlElement private @Nullable Acceleration acceleration;
    @XmlElement private @Nullable ResolutionElement resolution;
  }

  @XmlType(name = "")
  private static final class Acceleration {
    @XmlAttribute(name = "accel3d") // JAXB would write a capital after the digit
    private @Nullable String accel3d;

    @XmlAttribute private @Nullable String rendernode;
  }

  @XmlType(name = "")
  private static final class ResolutionElement {
    @XmlAttribute private int x;
    @XmlAttribute private int y;
  }
}
