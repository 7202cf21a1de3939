package launcher.drivers.qemu.address;

import java.util.Locale;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What devices of any kind have in common and is written in one usual form. */
final class DeviceDefaults {
  private DeviceDefaults() {}

  /** s390 firmware knows capital letters only. */
  static void complete(Draft draft) {
    for (XmlElement device : draft.devices().children()) {
      device
          .child("boot")
          .ifPresent(boot ->
              boot.attribute("loadparm")
                  .ifPresent(l -> boot.set("loadparm", l.toUpperCase(Locale.ROOT))));
    }
  }
}
