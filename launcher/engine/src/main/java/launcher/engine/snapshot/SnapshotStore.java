package launcher.engine.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.Snapshot;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.FileNames;
import launcher.engine.store.FileTree;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/**
 * What is remembered of a guest's snapshots. It lies outside the folder that the guest's process
 * owns: who could write here could give a guest any definition.
 *
 * <pre>
 * FOLDER/NAME/snapshot.xml    the snapshot with the guest as it was
 * FOLDER/NAME/definition.xml  the definition as its user wrote it
 * FOLDER/NAME/nvram           the firmware's variables, if it has any
 * FOLDER/current              the name of the current one
 * FOLDER/begun.xml            what is being taken; left behind only by a launcher that was killed
 * FOLDER/made.xml             the images that snapshots made, which go when nothing needs them
 * </pre>
 */
final class SnapshotStore {
  private static final String CURRENT = "current";
  private static final String BEGUN = "begun.xml";
  private static final String BEGUN_TEXT = "begun.definition";
  private static final String MADE = "made.xml";

  private final String guest;
  private final Path folder;

  SnapshotStore(String guest, Path folder) {
    this.guest = guest;
    this.folder = folder;
  }

  /**
   * One remembered snapshot.
   *
   * @param snapshot what it is
   * @param xml the whole of it
   * @param written the definition's text then; empty for a transient guest
   * @param nvram the variables of its firmware
   */
  record Entry(Snapshot snapshot, XmlElement xml, String written, Optional<Path> nvram) {
    /** The guest as it was. */
    XmlElement domain() {
      return xml.childOrAdd("domain").copy();
    }

    /** The completed definition as it was. */
    XmlElement inactive() {
      XmlElement domain = XmlElement.of("domain");
      XmlElement from = xml.child("inactiveDomain").orElseGet(() -> xml.childOrAdd("domain"));
      from.attributes().forEach(a -> domain.set(a.name(), a.value()));
      from.copy().children().stream().toList().forEach(domain::add);
      return domain;
    }
  }

  /** All of them, by name. */
  List<Entry> all() {
    List<Entry> found = new ArrayList<>();
    try {
      for (Path one : folders()) {
        found.add(read(one));
      }
    } catch (IOException e) {
      throw failed("read", e);
    }
    found.sort(Comparator.comparing(entry -> entry.snapshot().name()));
    return found;
  }

  /** The same without the guests as they were, which are nearly all of what is to be read. */
  List<Snapshot> snapshots() {
    List<Snapshot> found = new ArrayList<>();
    try {
      for (Path one : folders()) {
        Path file = one.resolve("snapshot.xml");
        String text = withoutGuest(Files.readString(file));
        found.add(SnapshotXml.read(XmlReader.read(file.toString(), text)));
      }
    } catch (IOException e) {
      throw failed("read", e);
    }
    found.sort(Comparator.comparing(Snapshot::name));
    return found;
  }

  /** How many there are. */
  int count() {
    try {
      return folders().size();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  private List<Path> folders() throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
        for (Path one : folders) {
          if (Files.isDirectory(one) && !one.getFileName().toString().startsWith(".")) {
            found.add(one);
          }
        }
      }
    }
    return found;
  }

  /** What we write has each element on a line of its own, and no {@code <} in its texts. */
  static String withoutGuest(String xml) {
    String rest = xml;
    for (String name : List.of("domain", "inactiveDomain")) {
      int from = rest.indexOf("\n  <" + name + " ");
      String end = "\n  </" + name + ">";
      int to = from < 0 ? -1 : rest.indexOf(end, from);
      if (to > 0) {
        rest = rest.substring(0, from) + rest.substring(to + end.length());
      }
    }
    return rest;
  }

  Optional<Entry> find(String name) {
    Path one = folder.resolve(FileNames.of(name));
    try {
      return Files.isDirectory(one) ? Optional.of(read(one)) : Optional.empty();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  Entry get(String name) {
    return find(name)
        .orElseThrow(() ->
            new EngineException(
                Kind.NOT_FOUND, "guest '" + guest + "' has no snapshot '" + name + "'"));
  }

  private static Entry read(Path one) throws IOException {
    Path file = one.resolve("snapshot.xml");
    XmlElement xml = XmlReader.read(file.toString(), Files.readString(file));
    Path nvram = one.resolve("nvram");
    return new Entry(
        SnapshotXml.read(xml),
        xml,
        Files.readString(one.resolve("definition.xml")),
        Files.exists(nvram) ? Optional.of(nvram) : Optional.empty());
  }

  /** Adds one, whole or not at all, and makes it the current one. */
  void add(XmlElement xml, String written, Optional<Path> nvram) {
    String name = xml.value("name", "");
    Path partial = folder.resolve("." + UUID.randomUUID() + ".tmp");
    try {
      AtomicFile.folder(partial, 0700);
      AtomicFile.write(partial.resolve("snapshot.xml"), XmlWriter.write(xml));
      AtomicFile.write(partial.resolve("definition.xml"), written);
      if (nvram.isPresent() && Files.exists(nvram.get())) {
        AtomicFile.write(partial.resolve("nvram"), Files.readAllBytes(nvram.get()), 0600);
      }
      AtomicFile.rename(partial, folder.resolve(FileNames.of(name)));
      current(Optional.of(name));
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  /** Replaces what is remembered of one; its other files stay. */
  void replace(XmlElement xml) {
    Path one = folder.resolve(FileNames.of(xml.value("name", "")));
    try {
      AtomicFile.write(one.resolve("snapshot.xml"), XmlWriter.write(xml));
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  /** Forgets one; its children become those of its parent. */
  void remove(Snapshot snapshot) {
    for (Entry child : all()) {
      if (child.snapshot().parent().filter(snapshot.name()::equals).isPresent()) {
        child.xml().child("parent").ifPresent(XmlElement::detach);
        snapshot.parent().ifPresent(parent -> child.xml().add("parent").add("name").text(parent));
        replace(child.xml());
      }
    }
    try {
      if (current().filter(snapshot.name()::equals).isPresent()) {
        current(snapshot.parent());
      }
      Path gone = folder.resolve("." + UUID.randomUUID() + ".tmp");
      AtomicFile.rename(folder.resolve(FileNames.of(snapshot.name())), gone);
      FileTree.remove(gone);
    } catch (IOException e) {
      throw failed("removed", e);
    }
  }

  /** Forgets all of them. */
  void removeAll() {
    try {
      FileTree.remove(folder);
    } catch (IOException e) {
      throw failed("removed", e);
    }
  }

  /** The name of the one the guest's present state comes from. */
  Optional<String> current() {
    Path mark = folder.resolve(CURRENT);
    try {
      return Files.exists(mark)
          ? Optional.of(Files.readString(mark, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  void current(Optional<String> name) throws IOException {
    Path mark = folder.resolve(CURRENT);
    if (name.isPresent()) {
      AtomicFile.write(mark, name.get());
    } else {
      AtomicFile.delete(mark);
    }
  }

  /** Says what is about to be taken, so that a later launcher can undo it. */
  void begin(XmlElement xml, String written) {
    try {
      AtomicFile.folder(folder, 0700);
      AtomicFile.write(folder.resolve(BEGUN_TEXT), written);
      AtomicFile.write(folder.resolve(BEGUN), XmlWriter.write(xml));
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  /** What was begun and neither finished nor undone. */
  Optional<XmlElement> begun() {
    Path file = folder.resolve(BEGUN);
    try {
      return Files.exists(file)
          ? Optional.of(XmlReader.read(file.toString(), Files.readString(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** The definition's text when what is begun began. */
  String begunText() {
    try {
      return Files.readString(folder.resolve(BEGUN_TEXT));
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** It is finished, or undone. */
  void end() {
    try {
      AtomicFile.delete(folder.resolve(BEGUN));
      AtomicFile.delete(folder.resolve(BEGUN_TEXT));
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  /** The images that snapshots made. */
  Set<Path> made() {
    Path file = folder.resolve(MADE);
    Set<Path> images = new LinkedHashSet<>();
    try {
      if (Files.exists(file)) {
        XmlReader.read(file.toString(), Files.readString(file))
            .children("image")
            .forEach(image -> images.add(Path.of(image.attribute("file", ""))));
      }
      return images;
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** Replaces the list of images that snapshots made. */
  void made(Set<Path> images) {
    XmlElement list = XmlElement.of("images");
    images.forEach(image -> list.add("image").set("file", image.toString()));
    try {
      AtomicFile.folder(folder, 0700);
      AtomicFile.write(folder.resolve(MADE), XmlWriter.write(list));
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  /** Brings firmware variables back. */
  static void restore(Path nvram, Path place) {
    try {
      Path parent = place.getParent();
      if (parent != null) {
        AtomicFile.folder(parent, 0700);
      }
      Path half = place.resolveSibling("." + UUID.randomUUID() + ".tmp");
      Files.copy(nvram, half, StandardCopyOption.REPLACE_EXISTING);
      AtomicFile.rename(half, place);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the firmware's variables '"
              + place
              + "' cannot be written: "
              + EngineException.reason(e),
          e);
    }
  }

  private EngineException failed(String done, IOException e) {
    return new EngineException(
        Kind.FAILED,
        "the snapshots of guest '"
            + guest
            + "' cannot be "
            + done
            + ": "
            + EngineException.reason(e),
        e);
  }
}
