package launcher.engine.snapshot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.SnapshotRequest;
import launcher.engine.disk.OverlayXml;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;

/**
 * A {@code <domainsnapshot>} that somebody wrote to have one taken, or remembered (libvirt
 * formatsnapshot).
 */
public final class SnapshotWish {
  private static final String FILE = "snapshot.xml";

  /** What a snapshot's XML may hold; all but the first four are told by who took it. */
  private static final List<String> KNOWN =
      List.of(
          "name",
          "description",
          "memory",
          "disks",
          "state",
          "parent",
          "creationTime",
          "cookie",
          "active",
          "domain",
          "inactiveDomain");

  private SnapshotWish() {}

  /**
   * Reads one.
   *
   * @throws EngineException when it is no snapshot, or says what is not understood
   */
  public static XmlElement read(String xml) {
    XmlElement root;
    try {
      root = XmlReader.read(FILE, xml);
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
    if (!root.name().equals("domainsnapshot")) {
      throw invalid("it is a <" + root.name() + ">");
    }
    for (XmlElement child : root.children()) {
      if (!KNOWN.contains(child.name())) {
        throw invalid("there is no <" + child.name() + "> in a snapshot");
      }
    }
    return root;
  }

  private static EngineException invalid(String why) {
    return new EngineException(Kind.INVALID, "the XML is no <domainsnapshot>: " + why);
  }

  /**
   * What is asked for.
   *
   * @param said what was said beside the XML
   */
  public static SnapshotRequest request(XmlElement root, SnapshotRequest said) {
    Optional<Path> file = root.value("memory/@file").map(Path::of);
    String memory = root.value("memory/@snapshot", file.isPresent() ? "external" : "internal");
    if (memory.equals("external") != file.isPresent()) {
      throw invalid("a <memory> with a file is external, and an external one needs a file");
    }
    List<SnapshotRequest.DiskWish> wishes = new ArrayList<>();
    for (XmlElement disk : root.childOrAdd("disks").children("disk")) {
      wishes.add(wish(disk));
    }
    SnapshotRequest asked = file.map(said::withMemory).orElse(said);
    return asked.with(
        root.value("name").filter(name -> !name.isEmpty()),
        root.value("description", ""),
        said.diskOnly() || memory.equals("no"),
        wishes);
  }

  private static SnapshotRequest.DiskWish wish(XmlElement disk) {
    String name =
        disk.attribute("name").orElseThrow(() -> invalid("a <disk> needs the name of its target"));
    String format = disk.value("driver/@type", "qcow2");
    if (!format.equals("qcow2")) {
      throw invalid("the new image of '" + name + "' is qcow2, not " + format);
    }
    return new SnapshotRequest.DiskWish(
        name, disk.attribute("snapshot").map(SnapshotXml::mode), OverlayXml.image(disk));
  }
}
