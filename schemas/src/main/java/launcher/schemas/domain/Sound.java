package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code <sound>}: a sound card. */
public final class Sound extends Device {
  @XmlAttribute private @Nullable String model;
  @XmlAttribute private @Nullable String multichannel;
  @XmlAttribute private @Nullable Integer streams;
  @XmlElement private @Nullable VirtioDriver driver;
  @XmlElement private @Nullable AudioReference audio;

  @XmlElement(name = "codec")
  private final List<Codec> codecs = new ArrayList<>();

  private Sound() {}

  /** The card, such as {@code ich9} or {@code virtio}. */
  public String model() {
    return model == null ? "" : model;
  }

  /** Whether a USB card has more than two channels. */
  public Optional<Boolean> multichannel() {
    return Toggle.of(multichannel);
  }

  /** Number of streams of a virtio card. */
  public OptionalInt streams() {
    return streams == null ? OptionalInt.empty() : OptionalInt.of(streams);
  }

  /** Options of a virtio card. */
  public Optional<VirtioDriver> driver() {
    return Optional.ofNullable(driver);
  }

  /** Id of the {@code <audio>} back end it plays through. */
  public OptionalInt audioId() {
    return audio == null || audio.id == null ? OptionalInt.empty() : OptionalInt.of(audio.id);
  }

  /** The codecs of an HDA card: {@code duplex}, {@code micro}, {@code output}. */
  public List<String> codecs() {
    return codecs.stream().map(c -> c.type == null ? "" : c.type).toList();
  }

  @XmlType(name = "")
  private static final class Codec {
    @XmlAttribute private @Nullable String type;
  }

  /** {@code <audio id=>}: which back end, inside a device. */
  @XmlType(name = "")
  static final class AudioReference {
    @XmlAttribute @Nullable Integer id;
  }
}
