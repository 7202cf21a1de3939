package launcher.engine.qemu;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/** The controllers that a device brings with it at a start, and that a running guest has not. */
public final class MissingControllers {
  private MissingControllers() {}

  /**
   * What must be plugged in before the device, each in as few words as make it; most often nothing.
   *
   * @param file name for problems
   * @param live the live definition with the device as its last one; completed in place
   * @throws EngineException when the device does not fit, or no slot is left for it
   */
  public static List<XmlElement> of(LiveGuest guest, String file, XmlElement live) {
    XmlElement devices = live.childOrAdd("devices");
    XmlElement device = devices.children().getLast();
    Set<XmlElement> there = Collections.newSetFromMap(new IdentityHashMap<>());
    there.addAll(devices.children());
    LivePaths.withoutPreparedBoot(live);
    guest.hypervisor().complete(file, live, Optional.empty(), true);
    List<XmlElement> added =
        devices.children("controller").stream().filter(each -> !there.contains(each)).toList();
    if (added.stream().anyMatch(each -> each.is("type", "pci"))) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '"
              + live.value("name", "")
              + "' has no PCI slot left for a <"
              + device.name()
              + ">, and gets none while it runs: shut it down, and attach it to the definition (--config)");
    }
    return added.stream().map(MissingControllers::few).toList();
  }

  private static XmlElement few(XmlElement controller) {
    XmlElement few = XmlElement.of("controller");
    for (String name : List.of("type", "index", "model")) {
      controller.attribute(name).ifPresent(value -> few.set(name, value));
    }
    return few;
  }
}
