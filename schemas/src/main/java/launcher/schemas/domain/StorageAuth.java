package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <auth>}: who may read a network source. */
public final class StorageAuth extends ModelElement {
  @XmlAttribute private @Nullable String username;
  @XmlElement private @Nullable SecretRef secret;

  private StorageAuth() {}

  /** Name at the server. */
  public String username() {
    return username == null ? "" : username;
  }

  /** The secret that proves it. */
  public Optional<SecretRef> secret() {
    return Optional.ofNullable(secret);
  }
}
