package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import launcher.engine.run.ProcessIdentity;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;
import launcher.spawn.Signal;
import launcher.spawn.StandardOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills an engine with SIGKILL at random moments of its work, and looks at what the next one finds.
 * {@code -Dlauncher.chaos.rounds=300} for a long night; the seed is printed with every failure.
 */
final class ChaosIT {
  private static final int ROUNDS = Integer.getInteger("launcher.chaos.rounds", 8);
  private static final long SEED = Long.getLong("launcher.chaos.seed", 20261123);
  private static final int LONGEST_LIFE_MILLIS = 1500;

  @TempDir private Path root;

  @Test
  void nothingIsLostWhoeverIsKilled() throws IOException {
    Path disk = BootSector.disk(root);
    for (int i = 0; i < 3; i++) {
      Files.copy(disk, root.resolve("chaos" + i + ".img"));
    }
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      workAndDie(disk, random);
      lookAround("seed " + SEED + ", round " + round, round == ROUNDS - 1 || random.nextBoolean());
    }
  }

  private void workAndDie(Path disk, Random random) throws IOException {
    CommandSpec worker =
        CommandSpec.of(Path.of(System.getProperty("java.home"), "bin", "java"))
            .add("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1")
            .addPair("-Dlauncher.spawn.executor", System.getProperty("launcher.spawn.executor", ""))
            .add("-cp", classPath())
            .add(ChaosWorker.class.getName())
            .add(root.toString(), disk.toString(), Long.toString(random.nextLong()))
            .environment(Environment.common())
            .output(new StandardOutput.Piped())
            .error(new StandardOutput.Merged())
            .build();
    try (Child child = new RealSpawner().start(worker)) {
      InputStream said = child.output();
      StringBuilder first = new StringBuilder();
      for (int b = said.read(); b >= 0 && b != '\n'; b = said.read()) {
        first.append((char) b);
      }
      assertEquals("open", first.toString());
      // until the deadline nobody ends it: it only ends when it is killed
      assertTrue(
          child.await(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS) + 1L)).isEmpty());
      child.signal(Signal.KILL);
      child.await();
    }
  }

  private static String classPath() {
    return System.getProperty("java.class.path")
        + ":"
        + System.getProperty("jdk.module.path", "")
        + ":"
        + Path.of("target/test-classes").toAbsolutePath();
  }

  private void lookAround(String when, boolean end) throws IOException {
    try (Engine engine = Engine.open(Folders.under(root), new RealSpawner(), TinyHypervisor::all)) {
      Set<String> running = new TreeSet<>();
      for (Guest guest : engine.guests().list()) {
        String xml = TinyHypervisor.xml(guest.name(), "pc", root.resolve(guest.name() + ".img"));
        assertEquals(xml, guest.xml(XmlView.AS_WRITTEN), when);
        if (guest.state().active()) {
          int pid = guest.pid().orElseThrow();
          assertTrue(ProcessIdentity.of(pid).isPresent(), when + ": no process of " + guest.name());
          running.add(guest.uuid());
        }
        if (guest.state().active() && end) {
          guest.destroy(false);
          running.remove(guest.uuid());
        }
      }
      assertEquals(running, names("run/guests"), when + ": run folders");
      assertEquals(new ArrayList<>(running), processes(), when + ": processes");
    }
  }

  private Set<String> names(String folder) throws IOException {
    Path path = root.resolve(folder);
    Set<String> names = new TreeSet<>();
    if (Files.isDirectory(path)) {
      try (var files = Files.list(path)) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      }
    }
    return names;
  }

  /** The guests whose QEMU runs, by what its open monitor socket's folder is called. */
  private List<String> processes() throws IOException {
    Set<String> found = new TreeSet<>();
    try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        String line = commandLine(process);
        if (line.contains("qemu-system") && line.contains(root.toString())) {
          String drive = line.replaceAll("(?s).*/(chaos\\d)\\.img.*", "$1");
          found.add(uuid(drive));
        }
      }
    }
    return new ArrayList<>(found);
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(
          process.resolve("cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  private String uuid(String name) throws IOException {
    String completed = Files.readString(root.resolve("etc/guests/completed/" + name + ".xml"));
    return completed.replaceAll("(?s).*<uuid>([^<]*)</uuid>.*", "$1");
  }
}
