package launcher.drivers.qemu.block;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/**
 * Refuses to start a guest with transient disks where nobody puts an overlay over them (setting
 * {@code transientDisks}): without one, what should be thrown away would be kept.
 */
final class TransientRefusal {
  private TransientRefusal() {}

  static void check(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      if (disk.hasChild("transient") && !draft.host().settings().on("transientDisks")) {
        draft.refuse(
            disk,
            "disk '%s' is transient, which cannot be done here: give it a qcow2 image of its own that you delete"
                .formatted(disk.value("target/@dev", "")));
      }
    }
  }
}
