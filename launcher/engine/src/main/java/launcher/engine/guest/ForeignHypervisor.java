package launcher.engine.guest;

import java.util.List;
import java.util.Optional;
import launcher.engine.host.ProcessHold;
import launcher.schemas.XmlElement;

/**
 * What runs guests that something else than launcher keeps: their definitions lie in its own files,
 * their processes are its own, and they may come, go and change without launcher.
 */
public interface ForeignHypervisor extends Hypervisor {
  /** Every guest it has, completed. */
  List<XmlElement> discover();

  /** A hold on a guest that runs; empty when it does not. */
  Optional<ProcessHold> hold(String guest);

  /**
   * Makes the guest what its new definition says.
   *
   * @param before what it was, empty for a new one
   * @throws launcher.engine.EngineException when that fails; of a new one nothing is left then
   */
  void define(XmlElement now, Optional<XmlElement> before);

  /** Removes the guest with all its files. */
  void undefine(XmlElement guest);

  /** Whether it starts with the host. */
  boolean autostart(String guest);

  /** Says whether it starts with the host. */
  void autostart(String guest, boolean wanted);

  /**
   * Looks from now on for guests that come, go, start and end without launcher.
   *
   * @param changed called, on a thread of this watch, when any did
   */
  void watch(Runnable changed);

  /** Ends the watch. */
  void unwatch();
}
