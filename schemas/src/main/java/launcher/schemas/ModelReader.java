package launcher.schemas;

import jakarta.xml.bind.JAXBContext;
import jakarta.xml.bind.JAXBException;
import jakarta.xml.bind.Unmarshaller;
import jakarta.xml.bind.UnmarshallerHandler;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;

/**
 * Reads trees into the read-only model classes of one kind of document, straight from the tree.
 * Make one a kind and keep it: the context behind it is costly.
 *
 * @param <T> class of the root element
 */
public final class ModelReader<T> {
  private final JAXBContext context;
  private final Class<T> type;
  private final ThreadLocal<@Nullable Unmarshaller> unmarshallers = new ThreadLocal<>();

  /** For documents whose root is the given JAXB class. */
  public ModelReader(Class<T> type) {
    this.type = type;
    try {
      this.context = JAXBContext.newInstance(type);
    } catch (JAXBException e) {
      throw new IllegalStateException("cannot bind '" + type.getName() + "'", e);
    }
  }

  /** The typed model of a tree; what the model does not know is left out. */
  public T read(XmlElement root) {
    try {
      Unmarshaller unmarshaller = unmarshaller();
      UnmarshallerHandler handler = unmarshaller.getUnmarshallerHandler();
      XmlEvents events = XmlEvents.of(handler, root);
      unmarshaller.setListener(new PlaceListener(events));
      events.send();
      return type.cast(handler.getResult());
    } catch (JAXBException | SAXException e) {
      throw new IllegalStateException("cannot read '" + root.qualifiedName() + "'", e);
    }
  }

  private Unmarshaller unmarshaller() throws JAXBException {
    Unmarshaller unmarshaller = unmarshallers.get();
    if (unmarshaller == null) {
      unmarshaller = context.createUnmarshaller();
      unmarshallers.set(unmarshaller);
    }
    return unmarshaller;
  }

  /** Gives each model object the element it is read from. */
  private static final class PlaceListener extends Unmarshaller.Listener {
    private final XmlEvents events;

    PlaceListener(XmlEvents events) {
      this.events = events;
    }

    @Override
    public void beforeUnmarshal(Object target, Object parent) {
      if (target instanceof ModelElement element) {
        element.readFrom(events.current());
      }
    }
  }
}
