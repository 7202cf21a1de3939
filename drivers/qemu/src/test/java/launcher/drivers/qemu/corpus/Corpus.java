package launcher.drivers.qemu.corpus;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import launcher.drivers.qemu.QemuTranslation.Result;
import launcher.drivers.qemu.host.HostProfile;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.drivers.qemu.tool.DomxmlToNative;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;

/** The acceptance corpus: its cases, and what becomes of them. */
final class Corpus {
  private final Path folder;

  Corpus(Path folder) {
    this.folder = folder;
  }

  /** Where the property {@code launcher.corpus} or the checkout says the corpus is. */
  static Optional<Corpus> find() {
    List<String> places =
        List.of(
            System.getProperty("launcher.corpus", ""),
            "../shared/corpus",
            "../../shared/corpus",
            "../../../../shared/corpus",
            "../../../shared/corpus");
    return places.stream()
        .filter(p -> !p.isEmpty())
        .map(Path::of)
        .filter(p -> Files.isDirectory(p.resolve("qemu-qmp-replies")))
        .findFirst()
        .map(Corpus::new);
  }

  /** One case and how it went. */
  record Outcome(
      String name, Result result, List<String> argv, List<String> xml, String expectedError) {}

  /** How the cases of one architecture went. */
  record Score(String arch, List<Outcome> valid, List<Outcome> invalid) {
    long argvEqual() {
      return valid.stream().filter(o -> o.argv().isEmpty()).count();
    }

    long xmlEqual() {
      return valid.stream().filter(o -> o.xml().isEmpty()).count();
    }

    long validRefused() {
      return valid.stream().filter(o -> o.result().refused()).count();
    }

    long invalidRefused() {
      return invalid.stream().filter(o -> o.result().refused()).count();
    }

    @Override
    public String toString() {
      return "%-12s argv %d/%d  completed %d/%d  valid refused %d  invalid refused %d/%d"
          .formatted(
              arch,
              argvEqual(),
              valid.size(),
              xmlEqual(),
              valid.size(),
              validRefused(),
              invalidRefused(),
              invalid.size());
    }
  }

  /** The architectures of the corpus. */
  List<String> architectures() throws IOException {
    JsonObject latest =
        JsonText.object(Files.readString(folder.resolve("qemu-qmp-replies/latest.json")));
    return new ArrayList<>(new TreeMap<>(latest.members()).keySet());
  }

  DomxmlToNative tool(String arch) throws IOException {
    Path replies = folder.resolve("qemu-qmp-replies");
    JsonObject latest = JsonText.object(Files.readString(replies.resolve("latest.json")));
    String recorded = Files.readString(replies.resolve(latest.string(arch, "")));
    QemuHost host = HostProfile.host(folder.resolve("host"), HostProfile.capabilities(recorded));
    return new DomxmlToNative(host, true);
  }

  Score run(String arch, String filter) throws IOException {
    DomxmlToNative tool = tool(arch);
    List<Outcome> valid = new ArrayList<>();
    List<Outcome> invalid = new ArrayList<>();
    for (Path xml : cases("qemu-" + arch, filter)) {
      valid.add(valid(tool, xml));
    }
    for (Path xml : cases("qemu-" + arch + "-invalid", filter)) {
      String expected = Files.readString(sibling(xml, ".err")).strip();
      invalid.add(new Outcome(name(xml), tool.translate(xml), List.of(), List.of(), expected));
    }
    return new Score(arch, valid, invalid);
  }

  private static Outcome valid(DomxmlToNative tool, Path xml) throws IOException {
    Result result = tool.translate(xml);
    List<String> argv = new ArrayList<>(List.of("- everything"));
    List<String> completed = new ArrayList<>(List.of("- everything"));
    if (result.command().isPresent() && result.completed().isPresent()) {
      argv =
          ArgvComparison.difference(
              lines(sibling(xml, ".argv")), result.command().get().everything());
      Path expected = sibling(xml, ".completed.xml");
      XmlElement left = XmlReader.read(expected.toString(), Files.readString(expected));
      XmlElement right = result.completed().get();
      if (Boolean.getBoolean("launcher.corpus.top")) {
        left.children("devices").forEach(XmlElement::detach);
        right.children("devices").forEach(XmlElement::detach);
      }
      completed = XmlComparison.difference(left, right);
    }
    return new Outcome(name(xml), result, argv, completed, "");
  }

  private static List<String> lines(Path argv) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(argv)) {
      if (!line.isBlank()) {
        lines.add(JsonText.object("{\"a\":" + line + "}").string("a", ""));
      }
    }
    return lines;
  }

  private List<Path> cases(String group, String filter) throws IOException {
    Path cases = folder.resolve(group);
    TreeSet<Path> found = new TreeSet<>();
    if (Files.isDirectory(cases)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(cases, "*.xml")) {
        files.forEach(f -> {
          if (!f.toString().endsWith(".completed.xml") && name(f).matches(filter)) {
            found.add(f);
          }
        });
      }
    }
    return new ArrayList<>(found);
  }

  private static Path sibling(Path xml, String extension) {
    return xml.resolveSibling(name(xml) + extension);
  }

  private static String name(Path xml) {
    String file = xml.getFileName().toString();
    return file.substring(0, file.length() - ".xml".length());
  }
}
