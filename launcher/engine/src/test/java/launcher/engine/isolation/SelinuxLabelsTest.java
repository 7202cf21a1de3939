package launcher.engine.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class SelinuxLabelsTest {
  private final SelinuxChoice choice = new SelinuxChoice(SelinuxHost.usual(true), new Random(1));

  private static Path corpus() {
    Path root = Path.of("").toAbsolutePath();
    while (root.getParent() != null && !Files.exists(root.resolve("CHANGELOG.md"))) {
      root = root.getParent();
    }
    String beside = root.resolveSibling("shared/corpus").toString();
    return Path.of(System.getProperty("launcher.corpus", beside), "selinux");
  }

  @TestFactory
  Stream<DynamicTest> everyFileOfTheCorpusGetsItsLabel() throws IOException {
    assumeTrue(Files.isDirectory(corpus()), "needs the corpus, see -Dlauncher.corpus");
    List<Path> cases;
    try (Stream<Path> files = Files.list(corpus())) {
      cases = files.filter(file -> file.toString().endsWith(".xml")).sorted().toList();
    }
    assertTrue(cases.size() >= 3, "the corpus is empty");
    return cases.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private void check(Path xml) throws IOException {
    XmlElement live = XmlReader.read(xml.toString(), Files.readString(xml));
    SelinuxLabels labels = choice.choose(live, Set.of());
    assertEquals("system_u:system_r:svirt_t:s0:c41,c264", labels.process().orElseThrow());
    Map<String, String> ours = new LinkedHashMap<>();
    FilesInUse.of(live)
        .forEach(file -> ours.put(file.path().toString(), labels.of(file).orElse("")));
    Path expected = xml.resolveSibling(xml.getFileName().toString().replace(".xml", ".txt"));
    for (String line : Files.readAllLines(expected)) {
      String[] pair = line.split(";", 2);
      assertEquals(pair[1], ours.getOrDefault(pair[0], "not among the guest's files"), pair[0]);
    }
  }

  private static XmlElement guest(String type, String inside) {
    return XmlReader.read(
        "test", "<domain type='" + type + "'><name>g</name>" + inside + "</domain>");
  }

  @Test
  void hundredGuestsGetHundredLabels() {
    Set<Categories> taken = new HashSet<>();
    for (int number = 0; number < 100; number++) {
      XmlElement live = guest("kvm", "");
      String label = choice.choose(live, taken).process().orElseThrow();
      assertTrue(taken.add(Categories.in(label).orElseThrow()), label);
      assertEquals(label, live.value("seclabel/label", ""));
    }
    assertEquals(100, taken.size());
  }

  @Test
  void emulatedGuestsHaveTheirOwnType() {
    assertTrue(
        choice
            .choose(guest("qemu", ""), Set.of())
            .process()
            .orElseThrow()
            .contains(":svirt_tcg_t:s0:c"));
  }

  @Test
  void baselabelKeepsItsTypeAndGetsCategories() {
    XmlElement live =
        guest(
            "kvm",
            "<seclabel type='dynamic' model='selinux'><baselabel>system_u:system_r:my_t:s0</baselabel></seclabel>");
    assertTrue(
        choice
            .choose(live, Set.of())
            .process()
            .orElseThrow()
            .startsWith("system_u:system_r:my_t:s0:c"));
  }

  @Test
  void staticLabelRelabelsOnlyWhenAsked() {
    String label = "<label>system_u:system_r:svirt_t:s0:c5,c6</label>";
    HostFile disk = new HostFile(Path.of("/d"), HostFile.Use.IMAGE);
    SelinuxLabels kept =
        choice.choose(
            guest("kvm", "<seclabel type='static' model='selinux'>" + label + "</seclabel>"),
            Set.of());
    assertEquals("system_u:system_r:svirt_t:s0:c5,c6", kept.process().orElseThrow());
    assertTrue(kept.of(disk).isEmpty());
    SelinuxLabels relabelled =
        choice.choose(
            guest(
                "kvm",
                "<seclabel type='static' relabel='yes' model='selinux'>" + label + "</seclabel>"),
            Set.of());
    assertEquals("system_u:object_r:svirt_image_t:s0:c5,c6", relabelled.of(disk).orElseThrow());
  }

  @Test
  void noneLeavesProcessAndFilesAlone() {
    SelinuxLabels none =
        choice.choose(guest("kvm", "<seclabel type='none' model='selinux'/>"), Set.of());
    assertTrue(none.process().isEmpty());
    assertTrue(none.of(new HostFile(Path.of("/d"), HostFile.Use.IMAGE)).isEmpty());
  }

  @Test
  void rangeOfTheDaemonIsKeptAndItsEndIsSaid() {
    Categories.Range narrow = Categories.Range.of("u:r:t:s0-s0:c10.c12");
    Set<Categories> taken = new HashSet<>();
    for (int number = 0; number < 3; number++) {
      Categories free = Categories.free(narrow, taken, new Random(2));
      assertTrue(free.low() >= 10 && free.high() <= 12 && taken.add(free));
    }
    assertEquals(
        "All 3 pairs of SELinux categories are in use",
        assertThrows(
                IllegalStateException.class, () -> Categories.free(narrow, taken, new Random(3)))
            .getMessage());
  }

  @Test
  void containersHaveTheTypeOfThePolicysOwnFile(@TempDir Path root) throws IOException {
    XmlElement live = guest("lxc", "");
    ContainerLabels.fill(
        live, ContainerLabels.withContainers(SelinuxHost.usual(true), root), Set.of());
    String usual = live.value("seclabel/label", "");
    assertTrue(usual.matches("system_u:system_r:container_t:s0:c\\d+,c\\d+"), usual);
    Path contexts = Files.createDirectories(root.resolve("etc/selinux/targeted/contexts"));
    Files.writeString(
        contexts.resolve("lxc_contexts"),
        "process = \"system_u:system_r:svirt_lxc_net_t:s0\"\nfile = \"x\"\n");
    XmlElement other = guest("lxc", "");
    ContainerLabels.fill(
        other, ContainerLabels.withContainers(SelinuxHost.usual(true), root), Set.of());
    assertTrue(other.value("seclabel/label", "").contains(":svirt_lxc_net_t:s0:c"));
  }

  /** A hundred starts of eight threads, not one of them seen running by the others. */
  @Test
  void startsAtTheSameTimeGetDifferentLabels() throws Exception {
    SelinuxHost narrow =
        new SelinuxHost(
            true,
            "system_u:system_r:virtd_t:s0-s0:c0.c15", // 120 pairs
            SelinuxHost.usual(true).domains(),
            SelinuxHost.usual(true).images());
    Set<String> labels = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int number = 0; number < 100; number++) {
        XmlElement live = guest("kvm", "");
        live.add("uuid").text("parallel-" + number);
        threads.execute(() -> {
          GivenCategories.choose(new SelinuxChoice(narrow, new Random()), live, List::of);
          labels.add(live.value("seclabel/label", ""));
        });
      }
    }
    assertEquals(100, labels.size());
  }

  @Test
  void aSavedGuestsLabelIsChosenAnewAndAStaticOneStays() {
    String old = "<label>system_u:system_r:svirt_t:s0:c5,c6</label>";
    XmlElement saved =
        guest(
            "kvm",
            "<uuid>saved</uuid><seclabel type='dynamic' model='selinux'>" + old + "</seclabel>");
    XmlElement other =
        guest("kvm", "<seclabel type='dynamic' model='selinux'>" + old + "</seclabel>");
    GivenCategories.choose(choice, saved, () -> List.of(other));
    assertFalse(saved.value("seclabel/label", "").endsWith(":c5,c6"));
    XmlElement fixed =
        guest(
            "kvm",
            "<uuid>fixed</uuid><seclabel type='static' model='selinux'>" + old + "</seclabel>");
    GivenCategories.choose(choice, fixed, () -> List.of(other));
    assertTrue(fixed.value("seclabel/label", "").endsWith(":c5,c6"));
  }

  /** The next daemon knows what runs by its records alone. */
  @Test
  void labelsOfRunningGuestsAreReservedAgainAfterARestart() {
    SelinuxHost narrow =
        new SelinuxHost(
            true,
            "system_u:system_r:virtd_t:s0-s0:c900.c902", // three pairs
            SelinuxHost.usual(true).domains(),
            SelinuxHost.usual(true).images());
    List<XmlElement> running = new ArrayList<>();
    for (String level : List.of("c900,c901", "c901,c902")) {
      String label = "<label>system_u:system_r:svirt_t:s0:" + level + "</label>";
      running.add(
          guest("kvm", "<seclabel type='dynamic' model='selinux'>" + label + "</seclabel>"));
    }
    SelinuxChoice narrowChoice = new SelinuxChoice(narrow, new Random());
    XmlElement third = guest("kvm", "<uuid>third</uuid>");
    GivenCategories.choose(narrowChoice, third, () -> running);
    assertTrue(third.value("seclabel/label", "").endsWith(":s0:c900,c902"));
    XmlElement fourth = guest("kvm", "<uuid>fourth</uuid>");
    assertThrows(
        IllegalStateException.class,
        () -> GivenCategories.choose(narrowChoice, fourth, () -> running));
  }

  /** Of another daemon's guests too. */
  @Test
  void categoriesOfAnyProcessAreTaken(@TempDir Path proc) throws IOException {
    Path attributes = Files.createDirectories(proc.resolve("4711/attr"));
    Files.writeString(attributes.resolve("current"), "system_u:system_r:svirt_t:s0:c1,c2\0");
    Files.createDirectories(proc.resolve("4712")); // has ended
    Path next = Files.createDirectories(proc.resolve("4713/attr"));
    Files.writeString(next.resolve("exec"), "system_u:system_r:svirt_t:s0:c3,c4\0");
    assertEquals(Set.of(new Categories(1, 2), new Categories(3, 4)), ProcessLabels.taken(proc));
    String waiting = "system_u:system_r:svirt_t:s0:c3,c4";
    ProcessLabels.verify(proc, Set.of(4713), waiting);
    assertTrue(
        assertThrows(IOException.class, () -> ProcessLabels.verify(proc, Set.of(4714), waiting))
            .getMessage()
            .startsWith("Process 4713 has got the same categories"));
  }
}
