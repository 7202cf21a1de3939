package launcher.drivers.lxc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import launcher.drivers.lxc.ContainerFacts.DeviceNode;
import launcher.drivers.lxc.ContainerFacts.HostGroups;
import launcher.drivers.plan.FileStep.WriteFile;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.Plan;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;

/** What the tests share: a host, a run folder, the corpus, definitions to try things on. */
final class Samples {
  static final String UUID = "c7a5fdbd-edaf-9455-926a-d65c16db1809";
  static final HostFacts HOST = new HostFacts("x86_64", "host", 0, 0, 2, 1 << 20, false);
  static final HostGroups VERSION_1 =
      new HostGroups(Set.of("memory", "cpu", "cpuset", "devices", "blkio"), Set.of("hugetlb"));
  static final HostGroups VERSION_2 =
      new HostGroups(Set.of(), Set.of("memory", "cpu", "cpuset", "io"));
  static final ContainerFacts FACTS = facts(VERSION_1);

  private Samples() {}

  static ContainerFacts facts(HostGroups groups) {
    return new ContainerFacts(
        groups,
        Map.of(
            "/dev/sdf1", new DeviceNode(true, 8, 81),
            "/dev/tty0", new DeviceNode(false, 4, 0),
            "/dev/sda", new DeviceNode(true, 8, 0)),
        Set.of("/etc/resolv.conf"),
        Map.of("tester", 1000L),
        Map.of());
  }

  /** A smallest container with more in it. */
  static String container(String more) {
    return "<domain type='lxc'><name>c1</name><uuid>" + UUID + "</uuid>" + more + "</domain>";
  }

  static XmlElement complete(String text) {
    ContainerTranslation.Result result =
        ContainerTranslation.complete("c.xml", text, UUID, "x86_64");
    assertEquals(List.of(), result.problems());
    return result.completed().orElseThrow();
  }

  static List<String> problems(String text) {
    return ContainerTranslation.complete("c.xml", text, UUID, "x86_64").problems().stream()
        .map(XmlProblem::toString)
        .toList();
  }

  static Plan plan(XmlElement domain, ContainerFacts facts) {
    Path run = Path.of("/run/launcher/guests/" + domain.value("name", ""));
    Grants grants =
        new Grants(7, run, run, Path.of("/var/log/c.log"), Map.of("bridge:default", "virbr0"));
    return new LxcDriver(facts).plan(domain, HOST, grants);
  }

  static List<String> configuration(XmlElement domain, ContainerFacts facts) {
    return plan(domain, facts).prepare().stream()
        .filter(WriteFile.class::isInstance)
        .flatMap(step -> ((WriteFile) step).content().lines())
        .toList();
  }

  static List<String> configuration(String text) {
    return configuration(complete(text), FACTS);
  }

  /** The corpus' files of one folder with an extension; the test is left out where it is absent. */
  static List<Path> corpus(String folder, String extension) {
    Optional<Path> corpus =
        Stream.of(
                System.getProperty("launcher.corpus", ""),
                "../shared/corpus",
                "../../shared/corpus",
                "../../../shared/corpus",
                "../../../../shared/corpus")
            .filter(place -> !place.isEmpty())
            .map(Path::of)
            .filter(place -> Files.isDirectory(place.resolve(folder)))
            .findFirst();
    assumeTrue(corpus.isPresent(), "no corpus: set -Dlauncher.corpus=FOLDER");
    try (Stream<Path> files = Files.list(corpus.orElseThrow().resolve(folder))) {
      return files.filter(f -> f.toString().endsWith(extension)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A document by its meaning: order of attributes and of unlike siblings is free. */
  static String meaning(XmlElement element, String indent) {
    Map<String, String> attributes = new TreeMap<>();
    element.attributes().forEach(a -> attributes.put(a.name(), a.value()));
    StringBuilder text = new StringBuilder(indent + element.name() + attributes);
    text.append(' ').append(element.text().strip()).append('\n');
    List<XmlElement> children = new ArrayList<>(element.children());
    children.sort(Comparator.comparing(XmlElement::name));
    children.forEach(child -> text.append(meaning(child, indent + "  ")));
    return text.toString();
  }
}
