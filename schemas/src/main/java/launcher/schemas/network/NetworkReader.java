package launcher.schemas.network;

import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import launcher.schemas.ModelReader;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlSchema;

/** Reads networks: text to tree to model, refusing what cannot be a network. */
public final class NetworkReader {
  private static final String SCHEMA = "network.rnc";

  private final XmlSchema schema = new XmlSchema(location());
  private final ModelReader<Network> model = new ModelReader<>(Network.class);

  /** Loads the schema, which is costly: keep the reader. */
  public NetworkReader() {}

  private static URL location() {
    return Objects.requireNonNull(NetworkReader.class.getResource(SCHEMA), SCHEMA);
  }

  /**
   * The network of a text.
   *
   * @param file name for problems
   * @throws XmlException with every problem of the text
   */
  public Network read(String file, String text) {
    return read(file, XmlReader.read(file, text));
  }

  /**
   * The network of a tree.
   *
   * @param file name for problems
   * @throws XmlException with every problem of the tree
   */
  public Network read(String file, XmlElement root) {
    Problems notDone = new Problems(file);
    XmlElement rest = NotDone.check(root, notDone);
    List<XmlProblem> problems = new ArrayList<>(notDone.all());
    problems.addAll(schema.check(file, rest));
    refuse(problems);
    Network network = model.read(root);
    problems.addAll(new NetworkRules(file).check(network));
    refuse(problems);
    return network;
  }

  private static void refuse(List<XmlProblem> problems) {
    if (problems.stream().anyMatch(XmlProblem::refuses)) {
      throw new XmlException(problems);
    }
  }
}
