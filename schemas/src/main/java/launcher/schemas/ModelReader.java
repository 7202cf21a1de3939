package launcher.schemas;

import jakarta.xml.bind.JAXBContext;
import jakarta.xml.bind.JAXBException;
import jakarta.xml.bind.Unmarshaller;
import jakarta.xml.bind.UnmarshallerHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private final Queue<Unmarshaller> idle = new ConcurrentLinkedQueue<>();

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
      Unmarshaller polled = idle.poll();
      Unmarshaller unmarshaller = polled == null ? context.createUnmarshaller() : polled;
      UnmarshallerHandler handler = unmarshaller.getUnmarshallerHandler();
      XmlEvents events = XmlEvents.of(handler, root);
      unmarshaller.setListener(new PlaceListener(events));
      events.send();
      T model = type.cast(handler.getResult());
      idle.offer(unmarshaller);
      return model;
    } catch (JAXBException | SAXException e) {
      throw new IllegalStateException("cannot read '" + root.qualifiedName() + "'", e);
    }
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
