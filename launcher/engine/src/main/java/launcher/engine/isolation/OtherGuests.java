package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;

/**
 * Whether a file is another guest's to write: as its definition says, or as it runs.
 *
 * @param folders with definitions, each a file {@code *.xml}
 */
record OtherGuests(List<Path> folders) {
  OtherGuests {
    folders = List.copyOf(folders);
  }

  /**
   * The name of the guest whose disk it is.
   *
   * @param uuid of the guest that asks, whose own disks do not count
   */
  Optional<String> owner(Path file, String uuid) throws IOException {
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.xml")) {
          for (Path definition : files) {
            Optional<String> owner = owner(definition, file, uuid);
            if (owner.isPresent()) {
              return owner;
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> owner(Path definition, Path file, String uuid)
      throws IOException {
    String text = Files.readString(definition);
    if (text.contains(uuid)) {
      return Optional.empty();
    }
    XmlElement guest;
    try {
      guest = XmlReader.read(definition.toString(), text);
    } catch (XmlException unreadable) {
      return Optional.empty();
    }
    for (XmlElement disk : guest.at("devices").map(all -> all.children("disk")).orElse(List.of())) {
      String path = disk.value("source/@file").or(() -> disk.value("source/@dev")).orElse("");
      boolean writes = !disk.hasChild("readonly") && !disk.is("device", "cdrom");
      if (writes && path.startsWith("/") && same(Path.of(path), file)) {
        return guest.value("name");
      }
    }
    return Optional.empty();
  }

  /** By any of its names. */
  private static boolean same(Path one, Path other) {
    try {
      Map<String, Object> a = Files.readAttributes(one, "unix:dev,ino");
      return a.equals(Files.readAttributes(other, "unix:dev,ino"));
    } catch (IOException missing) {
      return false;
    }
  }
}
