package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlTransient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A device whose host's end is a character device: port, console, channel, card reader, USB. */
@XmlTransient
public abstract class CharDevice extends Device {
  @XmlAttribute private @Nullable String type;

  @XmlElement(name = "source")
  private final List<CharSource> sources = new ArrayList<>();

  @XmlElement private CharSource.@Nullable ProtocolElement protocol;
  @XmlElement private CharSource.@Nullable LogElement log;

  /** For the uses of character devices. */
  protected CharDevice() {}

  /** The host's end. */
  public final CharBackend backend() {
    return CharSource.typed(type == null ? "null" : type, sources, protocol);
  }

  /** The file that gets a copy of what the guest says. */
  public final Optional<CharBackend.Log> log() {
    return Optional.ofNullable(log).map(CharSource.LogElement::typed);
  }
}
