package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.engine.store.AtomicFile;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/**
 * What is on disk of a network that runs, or that was being started when launcher was killed:
 * enough to take it over, or back. It means nothing after the host's next boot, so no write of it
 * waits for a disk.
 *
 * @param begun how many steps of its plan were begun
 * @param finished whether all of them were carried out
 * @param network the completed tree it was started from
 */
record LiveRecord(int begun, boolean finished, XmlElement network) {
  private static final Logger LOG = Logger.getLogger("launcher.network");
  private static final String ROOT = "running-network";

  void write(Path file) {
    XmlElement root = XmlElement.of(ROOT);
    root.set("begun", begun).set("finished", finished ? "yes" : "no");
    root.add(network.copy());
    try {
      AtomicFile.writeUntilBoot(file, XmlWriter.write(root));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write '" + file + "'", e);
    }
  }

  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove '" + file + "'", e);
    }
  }

  /** Every record of a folder; what is none is logged and passed over. */
  static List<LiveRecord> all(Path folder) {
    List<LiveRecord> found = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*.xml")) {
      for (Path file : files) {
        read(file).ifPresent(found::add);
      }
    } catch (NoSuchFileException nothingRuns) {
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the records of '" + folder + "'", e);
    }
    return found;
  }

  private static Optional<LiveRecord> read(Path file) {
    try {
      XmlElement root = XmlReader.read(file.toString(), Files.readAllBytes(file));
      int begun = Integer.parseInt(root.attribute("begun", "0"));
      return root.child("network")
          .map(network -> new LiveRecord(begun, root.is("finished", "yes"), network));
    } catch (XmlException | IOException | NumberFormatException e) {
      LOG.log(
          Level.WARNING,
          "''{0}'' is no record of a network, ignoring: {1}",
          new Object[] {file, e.getMessage()});
      return Optional.empty();
    }
  }
}
