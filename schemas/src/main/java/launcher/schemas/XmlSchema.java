package launcher.schemas;

import com.thaiopensource.util.PropertyMapBuilder;
import com.thaiopensource.validate.IncorrectSchemaException;
import com.thaiopensource.validate.Schema;
import com.thaiopensource.validate.ValidateProperty;
import com.thaiopensource.validate.Validator;
import com.thaiopensource.validate.rng.CompactSchemaReader;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * A RELAX NG schema in compact syntax and the check of a tree against it, which finds all problems
 * at once.
 */
public final class XmlSchema {
  private final Schema schema;
  private final Queue<Checker> idle = new ConcurrentLinkedQueue<>();

  /**
   * Loads a schema.
   *
   * @param location the {@code .rnc} file; files it includes are found relative to it
   * @throws IllegalStateException when the schema itself is wrong
   */
  public XmlSchema(URL location) {
    SchemaProblems problems = new SchemaProblems();
    PropertyMapBuilder properties = new PropertyMapBuilder();
    properties.put(ValidateProperty.ERROR_HANDLER, problems);
    properties.put(ValidateProperty.RESOLVER, new SchemaFiles());
    try {
      InputSource source = new InputSource(location.toExternalForm());
      schema = CompactSchemaReader.getInstance().createSchema(source, properties.toPropertyMap());
    } catch (IncorrectSchemaException | SAXException | IOException e) {
      throw new IllegalStateException("schema '" + location + "' is wrong: " + problems, e);
    }
  }

  /**
   * Every place where the tree does not fit the schema.
   *
   * @param file name for problems
   */
  public List<XmlProblem> check(String file, XmlElement root) {
    Checker polled = idle.poll();
    Checker checker = polled == null ? new Checker(schema) : polled;
    List<XmlProblem> found = checker.check(file, root);
    idle.offer(checker);
    return found;
  }

  /** One validator, re-used because it learns the documents it has seen; for one thread. */
  private static final class Checker implements ErrorHandler {
    /** More than a person reads, and less than fills a memory. */
    private static final int MOST_PROBLEMS = 1000;

    private static final int LONGEST_MESSAGE = 2000;

    private final Validator validator;
    private final List<XmlProblem> found = new ArrayList<>();
    private String file = "";
    private @Nullable XmlEvents events;

    Checker(Schema schema) {
      PropertyMapBuilder properties = new PropertyMapBuilder();
      properties.put(ValidateProperty.ERROR_HANDLER, this);
      validator = schema.createValidator(properties.toPropertyMap());
    }

    List<XmlProblem> check(String document, XmlElement root) {
      found.clear();
      file = document;
      XmlEvents sender = XmlEvents.of(validator.getContentHandler(), root);
      events = sender;
      try {
        sender.send();
      } catch (SAXException e) {
        throw new IllegalStateException("cannot check '" + document + "'", e);
      } finally {
        validator.reset();
      }
      return List.copyOf(found);
    }

    @Override
    public void warning(SAXParseException problem) {
      add(problem);
    }

    @Override
    public void error(SAXParseException problem) {
      add(problem);
    }

    @Override
    public void fatalError(SAXParseException problem) {
      add(problem);
    }

    private void add(SAXParseException problem) {
      if (found.size() > MOST_PROBLEMS) {
        return;
      }
      XmlElement at = events == null ? XmlElement.of("none") : events.current();
      String message =
          found.size() == MOST_PROBLEMS
              ? "there are more problems: these are the first " + MOST_PROBLEMS
              : SchemaMessage.reword(at, String.valueOf(problem.getMessage()));
      found.add(XmlProblem.at(file, at, shortened(message)));
    }

    /** It may quote a value, and that a whole document. */
    private static String shortened(String message) {
      return message.length() <= LONGEST_MESSAGE
          ? message
          : message.substring(0, LONGEST_MESSAGE) + "…";
    }
  }

  /** Collects what is wrong in a schema, for the developer who broke it. */
  private static final class SchemaProblems implements ErrorHandler {
    private final List<String> all = new ArrayList<>();

    @Override
    public void warning(SAXParseException problem) {
      error(problem);
    }

    @Override
    public void error(SAXParseException problem) {
      all.add(
          problem.getSystemId()
              + ":"
              + problem.getLineNumber()
              + ":"
              + problem.getColumnNumber()
              + ": "
              + problem.getMessage());
    }

    @Override
    public void fatalError(SAXParseException problem) {
      error(problem);
    }

    @Override
    public String toString() {
      return String.join("; ", all);
    }
  }
}
