package launcher.engine.guest;

import java.nio.file.Path;
import java.util.Optional;
import launcher.schemas.PackedXml;
import launcher.schemas.XmlElement;

/**
 * What a guest is by definition; made when it is defined or found, replaced when it is redefined.
 *
 * @param name any text without a line break, never a path
 * @param uuid in its canonical form
 * @param type of its domain
 * @param written the user's text, byte for byte
 * @param packed the completed definition
 * @param persistent whether it outlives the run
 */
public record Definition(
    String name, String uuid, String type, String written, PackedXml packed, boolean persistent) {
  /** From a completed tree. */
  public static Definition of(String written, XmlElement completed, boolean persistent) {
    return new Definition(
        completed.value("name", ""),
        completed.value("uuid", ""),
        completed.attribute("type", ""),
        written,
        PackedXml.of(completed),
        persistent);
  }

  /** Where the firmware variables of a domain lie; empty where it has none in a file. */
  public static Optional<Path> nvram(XmlElement domain) {
    return domain.value("os/nvram").filter(path -> path.startsWith("/")).map(Path::of);
  }

  /** The whole of it, as a tree of the caller's own. */
  public XmlElement completed() {
    return packed.tree();
  }

  /** The same guest with other devices. */
  Definition as(XmlElement other) {
    return new Definition(name, uuid, type, written, PackedXml.of(other), persistent);
  }

  /** The same, outliving the run or not. */
  public Definition persistent(boolean value) {
    return new Definition(name, uuid, type, written, packed, value);
  }
}
