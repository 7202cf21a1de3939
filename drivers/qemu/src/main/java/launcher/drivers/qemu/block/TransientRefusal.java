package launcher.drivers.qemu.block;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/**
 * Refuses to start a guest with a transient disk over which no overlay can be put (setting {@code
 * transientDisks} where the profile leaves that open): without one, what should be thrown away
 * would be kept.
 */
final class TransientRefusal {
  private TransientRefusal() {}

  static void check(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      if (disk.hasChild("transient") && !draft.host().settings().on("transientDisks")) {
        String target = disk.value("target/@dev", "");
        if (TransientOverlays.base(disk).isEmpty()) {
          draft.refuse(
              disk,
              "disk '%s' is transient, which only a disk of type='file' can be".formatted(target));
        } else if (!disk.is("device", "disk") && disk.has("device") || disk.hasChild("readonly")) {
          draft.refuse(
              disk,
              "disk '%s' is transient, which only a disk that is written can be".formatted(target));
        } else if (disk.at("backingStore/source/encryption").isPresent()) {
          draft.refuse(
              disk,
              "disk '%s' is transient and encrypted, which cannot be done here".formatted(target));
        }
      }
    }
  }
}
