package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.ArrayList;
import java.util.List;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <encryption>}: how an image's bytes are encrypted. */
public final class Encryption extends ModelElement {
  @XmlAttribute private @Nullable String format;
  @XmlAttribute private @Nullable String engine;

  @XmlElement(name = "secret")
  private final List<SecretRef> secrets = new ArrayList<>();

  private Encryption() {}

  /** {@code luks}, {@code luks2}, {@code luks-any} or {@code qcow}. */
  public String format() {
    return format == null ? "" : format;
  }

  /** Who decrypts: {@code qemu} or {@code librbd}. */
  public String engine() {
    return engine == null ? "qemu" : engine;
  }

  /** The passphrases: more than one where layers have their own (librbd). */
  public List<SecretRef> secrets() {
    return List.copyOf(secrets);
  }
}
