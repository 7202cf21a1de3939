package launcher.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException.Kind;
import launcher.engine.disk.OverlayXml;
import launcher.engine.qemu.Drives;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.store.ImageTool;
import launcher.schemas.XmlElement;

/**
 * How large a disk is; what is not known is empty.
 *
 * @param target such as {@code vda}
 * @param path of its image
 * @param capacity as the guest sees it, in bytes
 * @param allocation what its image takes on the host's disk, in bytes
 * @param physical the size of its image as a file, in bytes
 */
public record DiskUse(
    String target,
    Optional<String> path,
    Optional<Long> capacity,
    Optional<Long> allocation,
    Optional<Long> physical) {

  /** Whether a word means this disk. */
  public boolean isCalled(String word) {
    return target.equals(word) || path.filter(word::equals).isPresent();
  }

  static List<DiskUse> of(Guest guest) {
    List<DiskUse> found = new ArrayList<>();
    Optional<JsonObject> drives = drives(guest);
    for (XmlElement disk : guest.tree(XmlView.LIVE).childOrAdd("devices").children("disk")) {
      String target = disk.value("target/@dev", "");
      Optional<String> path = disk.value("source/@file").or(() -> disk.value("source/@dev"));
      Optional<JsonObject> image =
          drives.isPresent()
              ? image(drives.get(), disk.value("alias/@name", ""))
              : path.map(file -> offline(guest, disk, Path.of(file)));
      found.add(
          new DiskUse(
              target,
              path,
              image.map(i -> i.number("virtual-size", 0)),
              image.map(i -> i.number("actual-size", 0)),
              path.flatMap(DiskUse::length)));
    }
    return found;
  }

  private static Optional<JsonObject> drives(Guest guest) {
    return guest.life().run().isPresent()
            && guest.life().running().running() instanceof QemuRunning qemu
        ? Optional.of(qemu.monitor().answer("query-block", Props.empty(), QemuMonitor.QUESTION))
        : Optional.empty();
  }

  private static Optional<JsonObject> image(JsonObject drives, String alias) {
    return Drives.find(drives.objects("return"), alias)
        .filter(drive -> drive.has("inserted"))
        .map(drive -> drive.object("inserted").object("image"));
  }

  private static JsonObject offline(Guest guest, XmlElement disk, Path file) {
    return QemuHypervisor.imageTool(guest.life()).describe(file, disk.value("driver/@type", "raw"));
  }

  private static Optional<Long> length(String path) {
    Path file = Path.of(path);
    return Files.isRegularFile(file) ? Optional.of(file.toFile().length()) : Optional.empty();
  }

  /** Makes a disk of a guest that is off larger. */
  static void resize(Guest guest, String word, long bytes) {
    XmlElement disk = OverlayXml.named(guest.name(), guest.tree(XmlView.INACTIVE), word);
    Path file =
        OverlayXml.image(disk)
            .orElseThrow(() ->
                new EngineException(
                    Kind.INVALID, "disk '" + word + "' lies in no file of this host"));
    String format = disk.value("driver/@type", "raw");
    ImageTool images = QemuHypervisor.imageTool(guest.life());
    long now = images.describe(file, format).number("virtual-size", 0);
    if (bytes < now) {
      throw new EngineException(
          Kind.INVALID,
          "disk '"
              + word
              + "' has "
              + now
              + " bytes: what is behind "
              + bytes
              + " would be lost; use qemu-img resize --shrink if that is meant");
    }
    images.resize(file, format, bytes);
  }
}
