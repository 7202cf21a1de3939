package launcher.drivers.qemu.machine;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** The first hard disk is booted from when nothing else is said. */
public final class BootCompletion {
  private BootCompletion() {}

  /** Adds {@code <boot dev='hd'/>} unless the definition or a device names what to boot. */
  public static void complete(Draft draft) {
    XmlElement os = draft.domain().childOrAdd("os");
    boolean perDevice =
        draft.devices().children().stream()
            .anyMatch(d -> d.hasChild("boot") && !d.name().equals("os"));
    if (!os.hasChild("boot") && !perDevice) {
      os.add("boot").set("dev", "hd");
    }
  }
}
