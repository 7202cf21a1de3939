package launcher.engine.disk;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/** A disk's XML when it gets a new image above its present one, or loses it again. */
public final class OverlayXml {
  private OverlayXml() {}

  /** Puts a new qcow2 image above the present one. */
  public static void put(XmlElement disk, Path overlay) {
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
  public static void set(XmlElement disk, Path file, String format) {
    disk.set("type", "file");
    disk.childOrAdd("driver").setDefault("name", "qemu").set("type", format);
    XmlElement source = disk.childOrAdd("source");
    source.unset("dev");
    source.unset("index");
    source.set("file", file.toString());
  }

  /** The disk of a target. */
  public static Optional<XmlElement> disk(XmlElement domain, String target) {
    return domain.childOrAdd("devices").children("disk").stream()
        .filter(disk -> disk.value("target/@dev", "").equals(target))
        .findFirst();
  }

  /** Whether the disk of a target has that image. */
  public static boolean hasImage(XmlElement domain, String target, Path image) {
    return disk(domain, target).flatMap(OverlayXml::image).filter(image::equals).isPresent();
  }

  /**
   * The disk that a word means.
   *
   * @param guest name for the message
   * @throws EngineException when there is none
   */
  public static XmlElement named(String guest, XmlElement domain, String word) {
    return domain.child("devices").map(all -> all.children("disk")).orElse(List.of()).stream()
        .filter(disk -> is(disk, word))
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                Kind.NOT_FOUND, "guest '" + guest + "' has no disk '" + word + "'"));
  }

  /** Whether a word means a disk: its target, or the path of its image. */
  public static boolean is(XmlElement disk, String word) {
    return disk.value("target/@dev", "").equals(word)
        || disk.value("source/@file", "").equals(word)
        || disk.value("source/@dev", "").equals(word);
  }

  /** The image of a disk, a file or block device. */
  public static Optional<Path> image(XmlElement disk) {
    return disk.value("source/@file").or(() -> disk.value("source/@dev")).map(Path::of);
  }

  /**
   * Changes a written chain: what stands from an image down to another is gone. A chain that is not
   * written is that of the images' own headers.
   *
   * @param above the last image that stays, from which on the chain is another
   * @param next the image right below it from now on; empty when nothing is
   */
  public static void shorten(XmlElement disk, Path above, Optional<Path> next) {
    Optional<XmlElement> upper = link(disk, above);
    Optional<XmlElement> written = upper.flatMap(link -> link.child("backingStore"));
    if (written.isEmpty()) {
      return;
    }
    Optional<XmlElement> below =
        next.flatMap(file -> link(written.get(), file)).map(XmlElement::copy);
    written.get().detach();
    upper.get().add(below.orElseGet(() -> XmlElement.of("backingStore")));
  }

  /** The disk's image goes into one of those below it, which becomes the disk's. */
  public static void lower(XmlElement disk, Path base, String format) {
    Optional<XmlElement> deeper =
        link(disk, base).flatMap(link -> link.child("backingStore")).map(XmlElement::copy);
    disk.child("backingStore").ifPresent(XmlElement::detach);
    set(disk, base, format);
    deeper.ifPresent(disk::add);
  }

  /** An image in the middle of a written chain is gone. */
  public static void without(XmlElement disk, Path gone, Path next) {
    Optional<XmlElement> here = Optional.of(disk);
    while (here.isPresent()) {
      Optional<XmlElement> below = here.get().child("backingStore");
      if (below.flatMap(OverlayXml::image).equals(Optional.of(gone))) {
        shorten(disk, image(here.get()).orElseThrow(), Optional.of(next));
        return;
      }
      here = below;
    }
  }

  private static Optional<XmlElement> link(XmlElement from, Path image) {
    Optional<XmlElement> here = Optional.of(from);
    while (here.isPresent() && !image(here.get()).equals(Optional.of(image))) {
      here = here.get().child("backingStore");
    }
    return here;
  }
}
