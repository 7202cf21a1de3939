package launcher.drivers.qemu.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import launcher.drivers.qemu.QemuTranslation;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.capabilities.QemuProbe;
import launcher.drivers.qemu.host.HostProfile;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every domain of the corpus that the installed QEMU can start under TCG is started, its processors
 * stopped, on a host of dummies; each device must then be where the command says it is.
 */
class TrueCommandsIT {
  private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");

  /** So many started when this was written, with Debian's QEMU 7.2; fewer is a step back. */
  private static final int LEAST = 318;

  /** Drivers that QEMU itself knows by another name (its qdev-monitor's table of aliases). */
  private static final Map<String, String> ALIASES =
      Map.of("lsi", "lsi53c895a", "ahci", "ich9-ahci");

  @TempDir Path folder;

  private final List<String> wrong = new ArrayList<>();
  private final Map<String, String> notStarted = new TreeMap<>();
  private int started;
  private int devices;

  @Test
  void startedGuestsHaveTheirDevicesWhereTheCommandSays() throws Exception {
    assumeTrue(Files.isExecutable(QEMU), "there is no " + QEMU);
    Path corpus = Path.of(System.getProperty("launcher.corpus", "../../../shared/corpus"));
    assumeTrue(
        Files.isDirectory(corpus.resolve("qemu-x86_64")),
        "the acceptance corpus is not here: -Dlauncher.corpus=DIR");
    QemuHost host = HostProfile.host(corpus.resolve("host"), probe());
    DummyImages images = new DummyImages(folder);
    for (Path xml : cases(corpus.resolve("qemu-x86_64"))) {
      tryCase(new QemuTranslation(host, true), images, xml);
    }
    System.out.printf(
        "%d guests started, %d devices confirmed, %d guests not started%n",
        started, devices, notStarted.size());
    notStarted.forEach((name, reason) -> System.out.println("  " + name + ": " + reason));
    assertEquals(List.of(), wrong);
    assertTrue(started >= LEAST, "only " + started + " guests started");
  }

  private static List<Path> cases(Path corpus) throws IOException {
    String only = System.getProperty("launcher.corpus.case", ".*");
    try (Stream<Path> files = Files.list(corpus)) {
      return files
          .filter(f -> f.toString().endsWith(".xml") && !f.toString().endsWith(".completed.xml"))
          .filter(f -> f.getFileName().toString().matches(only + "\\.xml"))
          .sorted()
          .toList();
    }
  }

  private QemuCapabilities probe() throws IOException {
    List<String> command =
        List.of(
            QEMU.toString(), "-machine", "none,accel=tcg", "-nodefaults", "-display", "none", "-S");
    try (LiveQemu qemu = LiveQemu.start(command, folder.resolve("probe.log"))) {
      assertTrue(qemu.greets(), qemu.complaint());
      return QemuProbe.probe(qemu, Optional.empty());
    }
  }

  private void tryCase(QemuTranslation translation, DummyImages images, Path xml) throws Exception {
    String name = xml.getFileName().toString().replace(".xml", "");
    String text = Files.readString(xml).replaceFirst("type=(['\"])kvm['\"]", "type=$1qemu$1");
    QemuTranslation.Result result = translation.translate(xml.toString(), text);
    if (result.command().isEmpty()) {
      notStarted.put(name, "refused: " + result.problems().getFirst().message());
      return;
    }
    List<String> command = result.command().get().everything();
    Path own = Files.createDirectory(folder.resolve("case" + started + "-" + notStarted.size()));
    try (DummyHost dummies = new DummyHost(own, images)) {
      start(name, dummies.adapt(command), own);
    }
  }

  private void start(String name, List<String> command, Path own) throws IOException {
    Optional<String> absent = DummyHost.absent(command);
    if (absent.isPresent()) {
      notStarted.put(name, absent.get());
      return;
    }
    try (LiveQemu qemu = LiveQemu.start(command, own.resolve("qemu.log"))) {
      if (!qemu.greets()) {
        notStarted.put(name, lastLine(qemu.complaint()));
        return;
      }
      started++;
      for (int i = 0; i + 1 < command.size(); i++) {
        if (command.get(i).equals("-device") && command.get(i + 1).startsWith("{")) {
          confirm(qemu, name, JsonText.object(command.get(i + 1)));
        }
      }
    }
  }

  private static String lastLine(String complaint) {
    return complaint.substring(complaint.lastIndexOf('\n') + 1);
  }

  private void confirm(LiveQemu qemu, String name, JsonObject device) {
    String id = device.string("id", "");
    if (id.isEmpty()) {
      return;
    }
    devices++;
    String driver = device.string("driver", "");
    expect(name, id, "type", ALIASES.getOrDefault(driver, driver), qemu.property(id, "type"));
    if (device.has("bus")) {
      Optional<Object> bus =
          qemu.property(id, "parent_bus")
              .map(path -> path.toString().substring(path.toString().lastIndexOf('/') + 1));
      expect(name, id, "parent_bus", device.string("bus", ""), bus);
    }
    if (device.has("addr")) {
      expect(name, id, "addr", slot(device.string("addr", "")), qemu.property(id, "addr"));
    }
    for (String property : List.of("nr", "port", "unit", "mac", "bootindex", "chassis")) {
      if (device.has(property) && !(device.get(property) instanceof JsonObject)) {
        expect(
            name, id, property, String.valueOf(device.get(property)), qemu.property(id, property));
      }
    }
  }

  // QEMU is told 0x1d.0x7 and says slot and function as one number
  private static String slot(String address) {
    String[] parts = address.replace("0x", "").split("\\.");
    int function = parts.length > 1 ? Integer.parseInt(parts[1], 16) : 0;
    return Integer.toString(Integer.parseInt(parts[0], 16) << 3 | function);
  }

  private void expect(
      String name, String id, String property, String wanted, Optional<Object> found) {
    String is = found.map(Object::toString).orElse("nothing");
    if (!wanted.equals(is)) {
      wrong.add(
          "%s: %s of '%s' should be '%s' and is '%s'".formatted(name, property, id, wanted, is));
    }
  }
}
