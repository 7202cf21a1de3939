package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code <serial>}, {@code <parallel>}, {@code <console>} or {@code <channel>}. */
public final class Chardev extends CharDevice {
  @XmlElement private @Nullable Target target;

  private Chardev() {}

  /**
   * Kind of device the guest sees, such as {@code isa-serial} or {@code virtio}; empty for none.
   */
  public String targetType() {
    return target == null || target.type == null ? "" : target.type;
  }

  /** The exact model, where the kind has several. */
  public Optional<String> model() {
    return target == null || target.model == null
        ? Optional.empty()
        : Optional.ofNullable(target.model.name);
  }

  /** Number of the port, 0 where it is not said. */
  public int port() {
    return target == null || target.port == null ? 0 : target.port;
  }

  /** Name of a channel inside the guest. */
  public Optional<String> channelName() {
    return target == null ? Optional.empty() : Optional.ofNullable(target.name);
  }

  /** Address inside the guest that a forwarding channel answers at. */
  public Optional<String> guestAddress() {
    return target == null ? Optional.empty() : Optional.ofNullable(target.address);
  }

  @XmlType(name = "")
  private static final class Target {
    @XmlAttribute private @Nullable String type;
    @XmlAttribute private @Nullable String name;
    @XmlAttribute private @Nullable String address;
    @XmlAttribute private @Nullable Integer port;
    @XmlElement private @Nullable Model model;
  }

  @XmlType(name = "")
  private static final class Model {
    @XmlAttribute private @Nullable String name;
  }
}
