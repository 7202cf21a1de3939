package launcher.engine.saving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.EngineContext;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;

/** The XML at the head of a saved guest: what the guest is when it comes back. */
public final class SavedText {
  private SavedText() {}

  /**
   * The XML of a saved guest.
   *
   * @throws EngineException when the file is no saved guest, or its head was changed
   */
  public static String read(EngineContext context, Path file) {
    return checked(context, file).xml().stripTrailing() + "\n";
  }

  private static SaveFile checked(EngineContext context, Path file) {
    try {
      return SavedHeads.of(context).read(file);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /**
   * Replaces it in its place.
   *
   * @param running whether the guest runs when it comes back; none for as it was
   * @throws EngineException when it is another guest's, or does not fit in before the memory
   */
  public static void change(
      EngineContext context, Path file, String xml, Optional<Boolean> running) {
    SaveFile saved = checked(context, file);
    refuseOther(xml, saved.xml(), file.toString());
    try {
      SaveFile changed = SaveFile.rewrite(file, saved, xml, running.orElse(saved.running()));
      SavedHeads.of(context).remember(file, file, changed);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Refuses XML of another guest. */
  static void refuseOther(String xml, String saved, String file) {
    XmlElement now;
    try {
      now = XmlReader.read("guest.xml", xml);
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
    XmlElement before = XmlReader.read(file, saved);
    for (String what : new String[] {"name", "uuid"}) {
      if (!now.value(what, "").equals(before.value(what, ""))) {
        throw new EngineException(
            Kind.INVALID,
            "the <"
                + what
                + "> of a saved guest cannot change from '"
                + before.value(what, "")
                + "' to '"
                + now.value(what, "")
                + "'");
      }
    }
  }

  private static EngineException failed(Path file, IOException e) {
    return new EngineException(
        Kind.FAILED, "the saved guest '" + file + "' cannot be used: " + e.getMessage(), e);
  }
}
