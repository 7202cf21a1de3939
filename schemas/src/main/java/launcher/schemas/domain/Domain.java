package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlRootElement;
import java.util.Optional;
import launcher.schemas.ModelElement;
import launcher.schemas.ModelReader;
import org.jspecify.annotations.Nullable;

/** {@code <domain>}: everything about one guest, as its XML says it. */
@XmlRootElement(name = "domain")
public final class Domain extends ModelElement {
  @XmlAttribute private @Nullable String type;
  @XmlElement private @Nullable String name;
  @XmlElement private @Nullable String uuid;
  @XmlElement private @Nullable String title;
  @XmlElement private @Nullable String description;
  @XmlElement private @Nullable Devices devices;

  private Domain() {}

  /** The model of a completed tree. */
  public static Domain of(launcher.schemas.XmlElement root) {
    return Reader.INSTANCE.read(root);
  }

  /** The binding is made when the first domain is read: it takes a noticeable moment. */
  private static final class Reader {
    static final ModelReader<Domain> INSTANCE = new ModelReader<>(Domain.class);
  }

  /** Kind of hypervisor: {@code kvm}, {@code qemu}, {@code lxc}, {@code openvz} … */
  public String type() {
    return type == null ? "" : type;
  }

  /** Name of the guest. */
  public String name() {
    return name == null ? "" : name;
  }

  /** The guest's UUID. */
  public Optional<String> uuid() {
    return Optional.ofNullable(uuid);
  }

  /** A short line for people. */
  public Optional<String> title() {
    return Optional.ofNullable(title);
  }

  /** A longer text for people. */
  public Optional<String> description() {
    return Optional.ofNullable(description);
  }

  /** The devices. */
  public Devices devices() {
    return devices == null ? new Devices() : devices;
  }
}
