package launcher.engine.network;

import launcher.engine.EngineException;
import launcher.schemas.XmlElement;

/** One change to the XML of a network. */
@FunctionalInterface
public interface NetworkChange {
  /**
   * Changes a tree; whether it is still a network is for the reader to say.
   *
   * @throws EngineException when it cannot be done
   */
  void apply(XmlElement network);
}
