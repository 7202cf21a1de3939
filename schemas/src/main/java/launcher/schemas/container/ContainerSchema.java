package launcher.schemas.container;

import java.net.URL;
import java.util.List;
import java.util.Objects;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlSchema;

/** Checks containers against the schema {@code container.rnc}. */
public final class ContainerSchema {
  private ContainerSchema() {}

  /** The schema is compiled when the first container is checked. */
  private static final class Holder {
    static final XmlSchema SCHEMA = new XmlSchema(location());

    private static URL location() {
      return Objects.requireNonNull(
          ContainerSchema.class.getResource("container.rnc"), "container.rnc");
    }
  }

  /** Whether a document is a container's, by the type of its domain. */
  public static boolean describes(XmlElement domain) {
    return domain.is("type", "lxc") || domain.is("type", "openvz");
  }

  /**
   * Every place where the container does not fit the schema.
   *
   * @param file name for problems
   */
  public static List<XmlProblem> check(String file, XmlElement domain) {
    return Holder.SCHEMA.check(file, domain);
  }
}
