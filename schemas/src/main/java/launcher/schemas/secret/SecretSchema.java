package launcher.schemas.secret;

import java.net.URL;
import java.util.List;
import java.util.Objects;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlSchema;

/** Checks secrets against the schema {@code secret.rnc}. */
public final class SecretSchema {
  private SecretSchema() {}

  /** The schema is compiled when the first secret is checked. */
  private static final class Holder {
    static final XmlSchema SCHEMA = new XmlSchema(location());

    private static URL location() {
      return Objects.requireNonNull(SecretSchema.class.getResource("secret.rnc"), "secret.rnc");
    }
  }

  /**
   * Every place where the secret does not fit the schema.
   *
   * @param file name for problems
   */
  public static List<XmlProblem> check(String file, XmlElement secret) {
    return Holder.SCHEMA.check(file, secret);
  }
}
