package launcher.drivers.qemu.hostdev;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Refuses to start a guest with a SCSI device that the host does not have. */
final class ScsiPresence {
  private ScsiPresence() {}

  static void check(Draft draft) {
    for (XmlElement hostdev : draft.devices("hostdev")) {
      if (!hostdev.is("type", "scsi") || hostdev.value("source/@protocol").isPresent()) {
        continue;
      }
      String adapter = hostdev.value("source/adapter/@name", "");
      int bus = (int) number(hostdev, "bus");
      int target = (int) number(hostdev, "target");
      long unit = number(hostdev, "unit");
      if (draft.host().scsiGeneric(adapter, bus, target, unit).isEmpty()) {
        draft.refuse(
            hostdev,
            "the host has no SCSI device %s bus %d target %d unit %d"
                .formatted(adapter, bus, target, unit));
      }
    }
  }

  private static long number(XmlElement hostdev, String part) {
    return Numbers.parse(hostdev.value("source/address/@" + part, "")).orElse(0);
  }
}
