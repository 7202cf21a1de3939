package launcher.engine.snapshot;

import java.nio.file.Path;
import java.util.Optional;
import launcher.schemas.XmlElement;

/** A disk's XML when it gets a new image above its present one, or loses it again. */
final class OverlayXml {
  private OverlayXml() {}

  /** Puts a new qcow2 image above the present one. */
  static void put(XmlElement disk, Path overlay) {
    XmlElement below = XmlElement.of("backingStore").set("type", disk.attribute("type", "file"));
    below.add("format").set("type", disk.value("driver/@type", "raw"));
    disk.child("source").ifPresent(source -> below.add(source.copy()));
    Optional<XmlElement> deeper = disk.child("backingStore");
    if (deeper.isPresent()) {
      // the whole chain was written out, so it is written out still
      below.add(deeper.get().copy());
      deeper.get().detach();
      disk.add(below);
    }
    set(disk, overlay, "qcow2");
  }

  /** Says which image a disk has, whatever it had. */
  static void set(XmlElement disk, Path file, String format) {
    disk.set("type", "file");
    disk.childOrAdd("driver").setDefault("name", "qemu").set("type", format);
    XmlElement source = disk.childOrAdd("source");
    source.unset("dev");
    source.unset("index");
    source.set("file", file.toString());
  }

  /** The disk of a target. */
  static Optional<XmlElement> disk(XmlElement domain, String target) {
    return domain.childOrAdd("devices").children("disk").stream()
        .filter(disk -> disk.value("target/@dev", "").equals(target))
        .findFirst();
  }

  /** Its place among the disks. */
  static int index(XmlElement disk) {
    return disk.parent().map(p -> p.children("disk").indexOf(disk)).orElse(-1);
  }
}
