package launcher.drivers.qemu.block;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Refuses to start a guest with volumes of storage pools, which launcher does not keep. */
final class VolumeRefusal {
  private VolumeRefusal() {}

  static void check(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      if (disk.is("type", "volume")) {
        draft.refuse(
            disk,
            "volume '%s' of storage pool '%s' cannot be found: name its file or device instead"
                .formatted(disk.value("source/@volume", ""), disk.value("source/@pool", "")));
      }
    }
  }
}
