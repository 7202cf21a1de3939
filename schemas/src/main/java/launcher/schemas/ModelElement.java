package launcher.schemas;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlTransient;

/** A read-only model object that knows the element it was read from. */
@XmlAccessorType(XmlAccessType.FIELD)
@XmlTransient
public abstract class ModelElement {
  @XmlTransient private XmlElement element = XmlElement.of("none");

  /** For the model classes of any kind of document. */
  protected ModelElement() {}

  void readFrom(XmlElement source) {
    element = source;
  }

  /** The element this was read from: for places in messages, never to be changed. */
  public final XmlElement element() {
    return element;
  }
}
