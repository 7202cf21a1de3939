package launcher.engine.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;

/**
 * The live definitions of running guests, as their records hold them: also of guests an earlier
 * daemon started.
 */
public final class RunningLives {
  private RunningLives() {}

  /** Reads all of a folder; what cannot be read or is gone by now is nobody's label. */
  public static List<XmlElement> read(Path folder) {
    List<XmlElement> lives = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return lives;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.xml")) {
      for (Path file : files) {
        live(file).ifPresent(lives::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the running guests in '" + folder + "' cannot be read", e);
    }
    return lives;
  }

  private static Optional<XmlElement> live(Path file) throws IOException {
    try {
      return Optional.of(XmlReader.read(file.toString(), Files.readString(file)));
    } catch (NoSuchFileException | XmlException endedOrDamaged) {
      return Optional.empty();
    }
  }
}
