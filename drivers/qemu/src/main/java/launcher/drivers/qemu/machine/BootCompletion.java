package launcher.drivers.qemu.machine;

import java.util.Locale;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** The first hard disk is booted from when nothing else is said. */
public final class BootCompletion {
  private BootCompletion() {}

  /** Adds {@code <boot dev='hd'/>} unless the definition or a device names what to boot. */
  public static void complete(Draft draft) {
    for (XmlElement device : draft.devices().children()) {
      device
          .child("boot")
          .ifPresent(b ->
              b.attribute("loadparm")
                  .ifPresent(l -> b.set("loadparm", l.toUpperCase(Locale.ROOT))));
    }
    XmlElement os = draft.domain().childOrAdd("os");
    boolean perDevice =
        draft.devices().children().stream()
            .anyMatch(d -> d.hasChild("boot") && !d.name().equals("os"));
    if (!os.hasChild("boot") && !perDevice) {
      os.add("boot").set("dev", "hd");
    }
  }
}
