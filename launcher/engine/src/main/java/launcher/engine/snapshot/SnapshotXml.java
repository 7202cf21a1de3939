package launcher.engine.snapshot;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.engine.Snapshot;
import launcher.schemas.XmlElement;

/** Snapshots as {@code <domainsnapshot>} (libvirt formatsnapshot). */
final class SnapshotXml {
  private SnapshotXml() {}

  /**
   * Writes one.
   *
   * @param domain the guest as it was
   * @param inactive its definition, where it ran
   */
  static XmlElement write(Snapshot snapshot, XmlElement domain, Optional<XmlElement> inactive) {
    XmlElement root = XmlElement.of("domainsnapshot");
    root.add("name").text(snapshot.name());
    if (!snapshot.description().isEmpty()) {
      root.add("description").text(snapshot.description());
    }
    root.add("state").text(snapshot.state());
    snapshot.parent().ifPresent(parent -> root.add("parent").add("name").text(parent));
    root.add("creationTime").text(Long.toString(snapshot.created().getEpochSecond()));
    XmlElement memory = root.add("memory");
    if (snapshot.memoryFile().isPresent()) {
      memory.set("snapshot", "external").set("file", snapshot.memoryFile().get().toString());
    } else {
      memory.set("snapshot", snapshot.memory() ? "internal" : "no");
    }
    XmlElement disks = root.add("disks");
    snapshot.disks().forEach(disk -> write(disks.add("disk"), disk));
    root.add(domain.copy());
    inactive.ifPresent(definition -> {
      XmlElement other = XmlElement.of("inactiveDomain");
      definition.attributes().forEach(a -> other.set(a.name(), a.value()));
      definition.copy().children().stream().toList().forEach(other::add);
      root.add(other);
    });
    return root;
  }

  private static void write(XmlElement element, Snapshot.Disk disk) {
    element.set("name", disk.target()).set("snapshot", disk.mode().word());
    disk.file()
        .ifPresent(file -> {
          element.set("type", "file");
          element.add("driver").set("type", "qcow2");
          element.add("source").set("file", file.toString());
        });
  }

  static Snapshot read(XmlElement root) {
    List<Snapshot.Disk> disks = new ArrayList<>();
    for (XmlElement disk : root.childOrAdd("disks").children("disk")) {
      disks.add(
          new Snapshot.Disk(
              disk.attribute("name", ""),
              mode(disk.attribute("snapshot", "no")),
              disk.value("source/@file").map(Path::of)));
    }
    return new Snapshot(
        root.value("name", ""),
        root.value("description", ""),
        root.value("parent/name"),
        Instant.ofEpochSecond(Long.parseLong(root.value("creationTime", "0"))),
        root.value("state", "shutoff"),
        !root.value("memory/@snapshot", "no").equals("no"),
        disks,
        root.value("memory/@file").map(Path::of));
  }

  static Snapshot.Mode mode(String word) {
    return switch (word) {
      case "internal" -> Snapshot.Mode.INTERNAL;
      case "external" -> Snapshot.Mode.EXTERNAL;
      default -> Snapshot.Mode.NO;
    };
  }
}
