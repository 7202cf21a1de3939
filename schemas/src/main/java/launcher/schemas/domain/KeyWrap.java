package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <keywrap>}: keys of s390 that are wrapped. */
public final class KeyWrap extends ModelElement {
  @XmlElement(name = "cipher")
  private final List<Cipher> ciphers = new ArrayList<>();

  private KeyWrap() {}

  /** One each. */
  public List<Cipher> ciphers() {
    return List.copyOf(ciphers);
  }

  /** {@code <cipher>}. */
  @XmlType(name = "KeyWrap.Cipher")
  public static final class Cipher extends ModelElement {
    @XmlAttribute private @Nullable String name;
    @XmlAttribute private @Nullable String state;

    private Cipher() {}

    /** Aes or dea. */
    public Optional<String> name() {
      return Optional.ofNullable(name);
    }

    /** On or off. */
    public Optional<String> state() {
      return Optional.ofNullable(state);
    }
  }
}
