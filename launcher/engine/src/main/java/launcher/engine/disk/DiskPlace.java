package launcher.engine.disk;

import java.nio.file.Path;
import java.util.Optional;
import launcher.engine.qemu.LiveGuest;
import launcher.schemas.XmlElement;

/**
 * A disk of a running guest, for work on its images.
 *
 * @param disk in a copy of the live definition
 * @param image its uppermost one
 * @param drive what QEMU has of it
 * @param chain what lies below the image
 */
record DiskPlace(XmlElement disk, Path image, LiveDisks.Drive drive, ChainNodes chain) {
  static DiskPlace of(LiveGuest guest, XmlElement disk, Path image) {
    LiveDisks.Drive drive = new LiveDisks(guest.name(), guest.qemu()).drive(disk);
    return new DiskPlace(disk, image, drive, ChainNodes.of(guest.qemu(), drive.format()));
  }

  String target() {
    return disk.value("target/@dev", "");
  }

  /** The image right below the disk's own. */
  Optional<Path> backing() {
    return chain.files().stream().findFirst();
  }

  /** The name of a job on it. */
  String id(String act) {
    return act + "-" + target();
  }
}
