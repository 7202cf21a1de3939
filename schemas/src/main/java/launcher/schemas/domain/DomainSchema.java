package launcher.schemas.domain;

import java.net.URL;
import java.util.List;
import java.util.Objects;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlSchema;

/** Checks domains against the schema {@code domain.rnc}. */
public final class DomainSchema {
  private DomainSchema() {}

  /** The schema is compiled when the first domain is checked. */
  private static final class Holder {
    static final XmlSchema SCHEMA = new XmlSchema(location());

    private static URL location() {
      return Objects.requireNonNull(DomainSchema.class.getResource("domain.rnc"), "domain.rnc");
    }
  }

  /**
   * Every place where the domain does not fit the schema.
   *
   * @param file name for problems
   */
  public static List<XmlProblem> check(String file, XmlElement domain) {
    return Holder.SCHEMA.check(file, domain);
  }
}
