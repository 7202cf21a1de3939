package launcher.bench.spawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import launcher.spawn.Capability;
import launcher.spawn.CapabilitySets;
import launcher.spawn.Child;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.Confinement;
import launcher.spawn.HeldChild;
import launcher.spawn.Identity;
import launcher.spawn.RealSpawner;
import launcher.spawn.Resource;
import launcher.spawn.ResourceLimit;

/**
 * Starts {@code /bin/true} in every way there is, shuffled, in one warm JVM, and prints the medians
 * and their ratios.
 *
 * <pre>java dev/Setup.java bench</pre>
 */
public final class SpawnCost {
  private static final int WARM_UP = 200;
  private static final CommandSpec TRUE = CommandSpec.of("/bin/true").build();

  private interface Way {
    /** Starts once, waits for the end, returns nanoseconds. */
    long time() throws Exception;
  }

  private final RealSpawner spawner;
  private final Map<String, Way> ways = new LinkedHashMap<>();
  private final Map<String, List<Long>> samples = new LinkedHashMap<>();
  private final List<byte[]> ballast = new ArrayList<>();
  private final StringBuilder report = new StringBuilder("# What one start of a process costs\n\n");

  private SpawnCost(RealSpawner spawner) {
    this.spawner = spawner;
  }

  /**
   * @param words the executor, the C source of the peers, the file for the report, and how often
   *     each way is measured
   */
  public static void main(String[] words) throws Exception {
    int rounds = words.length > 3 ? Integer.parseInt(words[3]) : 300;
    Path run = Path.of(Files.isWritable(Path.of("/run")) ? "/run" : "/tmp");
    Path folder = Files.createTempDirectory(run, "launcher-bench");
    SpawnCost cost = new SpawnCost(new RealSpawner(Path.of(words[0]), Duration.ofMinutes(1)));
    try (PeersInC peers = PeersInC.compile(cost.spawner, Path.of(words[1]), folder)) {
      cost.ways(peers, folder);
      cost.measure(rounds);
      cost.print();
      cost.bigHeap(rounds);
    }
    cost.threads();
    cost.processIds();
    for (Path left : List.of(folder.resolve("true.pid"), folder.resolve("spawn-peers"), folder)) {
      Files.deleteIfExists(left);
    }
    Path file = Path.of(words[2]);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, cost.report);
    System.out.println("written to " + file);
  }

  private void ways(PeersInC peers, Path folder) {
    CommandSpec dressed = dressed(folder.resolve("true.pid"));
    ways.put("C posix_spawn", () -> peers.time('p'));
    ways.put("C fork+exec", () -> peers.time('f'));
    ways.put("ProcessBuilder", () -> timed(SpawnCost::processBuilder));
    ways.put("prlimit+setpriv chain", () -> timed(SpawnCost::chain));
    ways.put("launcher, plain", () -> timed(() -> spawner.run(TRUE)));
    ways.put("launcher, with handshake", () -> timed(() -> held(TRUE)));
    ways.put("launcher, fully dressed", () -> timed(() -> held(dressed)));
  }

  private static CommandSpec dressed(Path pidFile) {
    CommandBuilder command = CommandSpec.of("/bin/true").daemon().umask(0).pidFile(pidFile);
    return command
        .confinement(
            Confinement.NONE
                .withIdentity(new Identity(65534, 65534, List.of(1L, 2L)))
                .withCapabilities(CapabilitySets.keep(Set.of(Capability.NET_BIND_SERVICE)))
                .withNoNewPrivileges(true)
                .withLimits(
                    List.of(
                        new ResourceLimit(Resource.NOFILE, 512, 1024),
                        new ResourceLimit(Resource.CORE, 0))))
        .build();
  }

  private interface Act {
    void run() throws Exception;
  }

  private static long timed(Act act) throws Exception {
    long start = System.nanoTime();
    act.run();
    return System.nanoTime() - start;
  }

  private void held(CommandSpec command) {
    try (HeldChild held = spawner.hold(command);
        Child child = held.go()) {
      child.await();
    }
  }

  private static void processBuilder() throws IOException, InterruptedException {
    new ProcessBuilder("/bin/true").start().waitFor(); // the peer
  }

  private static void chain() throws IOException, InterruptedException {
    new ProcessBuilder( // the peer: what can be had without a spawn core
            "/usr/bin/prlimit",
            "--nofile=512:1024",
            "--core=0",
            "/usr/bin/setsid",
            "/usr/bin/setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--bounding-set=-all",
            "--no-new-privs",
            "/bin/true")
        .start()
        .waitFor();
  }

  private void measure(int rounds) throws Exception {
    List<String> order = new ArrayList<>(ways.keySet());
    Random random = new Random(1);
    for (int round = -WARM_UP; round < rounds; round++) {
      Collections.shuffle(order, random);
      for (String name : order) {
        long nanos = Objects.requireNonNull(ways.get(name)).time();
        if (round >= 0) {
          samples.computeIfAbsent(name, _ -> new ArrayList<>()).add(nanos);
        }
      }
    }
  }

  private double median(String name) {
    List<Long> sorted = samples.getOrDefault(name, List.of()).stream().sorted().toList();
    return sorted.get(sorted.size() / 2) / 1000.0;
  }

  private void print() {
    double spawn = median("C posix_spawn");
    double builder = median("ProcessBuilder");
    say("| /bin/true to its end | median us | p95 us | / C posix_spawn | / ProcessBuilder |");
    say("|---|---|---|---|---|");
    for (String name : ways.keySet()) {
      List<Long> sorted = samples.getOrDefault(name, List.of()).stream().sorted().toList();
      double p95 = sorted.get(sorted.size() * 95 / 100) / 1000.0;
      double median = median(name);
      say(
          "| %s | %.0f | %.0f | %.2f | %.2f |",
          name, median, p95, median / spawn, median / builder);
    }
  }

  private void bigHeap(int rounds) throws Exception {
    for (int block = 0; block < 20; block++) {
      byte[] bytes = new byte[64 << 20];
      Arrays.fill(bytes, (byte) block);
      ballast.add(bytes);
    }
    double small = median("launcher, plain");
    samples.clear();
    measure(rounds / 3);
    say("");
    say(
        "- with %d MB of heap touched: plain %.0f us (before %.0f us)",
        ballast.size() * 64, median("launcher, plain"), small);
    ballast.clear();
  }

  private void threads() throws InterruptedException {
    int count = 4000;
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int number = 0; number < count; number++) {
        threads.execute(() -> spawner.run(TRUE));
      }
      threads.shutdown();
      threads.awaitTermination(10, TimeUnit.MINUTES);
    }
    say(
        "- 8 threads on "
            + Runtime.getRuntime().availableProcessors()
            + " processors: %.0f starts a second",
        count / ((System.nanoTime() - start) / 1e9));
  }

  /** Meaningful in a pid namespace of its own: unshare --pid --fork --mount-proc. */
  private void processIds() {
    int first = pid();
    for (int number = 0; number < 100; number++) {
      spawner.run(TRUE);
    }
    say("- process ids of 100 plain starts: %d", pid() - first - 1);
  }

  private int pid() {
    try (Child child = spawner.start(TRUE)) {
      child.await();
      return child.pid();
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one method
  private void say(String format, Object... values) {
    String line = String.format(Locale.ROOT, format, values);
    report.append(line).append('\n');
    System.out.println(line);
  }
}
