package launcher.schemas.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import java.util.Optional;
import launcher.schemas.ModelElement;
import org.jspecify.annotations.Nullable;

/** {@code <secret type= uuid= usage=>}: names a secret that is kept elsewhere. */
public final class SecretRef extends ModelElement {
  @XmlAttribute private @Nullable String type;
  @XmlAttribute private @Nullable String uuid;
  @XmlAttribute private @Nullable String usage;

  private SecretRef() {}

  /** {@code ceph}, {@code iscsi}, {@code passphrase} … */
  public String type() {
    return type == null ? "" : type;
  }

  /** The secret's UUID. */
  public Optional<String> uuid() {
    return Optional.ofNullable(uuid);
  }

  /** What the secret is for, which names it as well. */
  public Optional<String> usage() {
    return Optional.ofNullable(usage);
  }
}
