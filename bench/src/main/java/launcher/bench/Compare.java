package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Races launcher against libvirt and bare QEMU: the same guest, the same verbs, in turn, in one
 * run.
 *
 * <pre>java dev/Setup.java bench</pre>
 *
 * <p>As root all of it happens in namespaces of its own (see {@link Surroundings}). Every start is
 * checked by asking the guest's monitor whether it runs; a peer that is not installed and a section
 * that fails are named in the report.
 */
public final class Compare {
  private static final String INSIDE = "--inside";
  private static final long LONGEST_NANOS = 8 * 60 * 1_000_000_000L;

  private final Race race;
  private final List<String> chosen;
  private boolean failed;

  private Compare(Race race, List<String> chosen) {
    this.race = race;
    this.chosen = chosen;
  }

  /**
   * @param args the installed tree, the folder for the report, how often each act is done, and the
   *     sections that are run, all without any
   */
  public static void main(String[] args) throws Exception {
    if (args[0].equals(INSIDE)) {
      Path folder = Path.of(args[1]);
      Surroundings.enter(folder);
      System.exit(race(folder, List.of(args).subList(2, args.length), true) ? 0 : 1);
    }
    Path folder = Files.createTempDirectory("launcher-bench");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    int status;
    try {
      Stopwatch.compile(Path.of("bench/src/main/c/stopwatch.c"), folder);
      status =
          Surroundings.possible()
              ? inside(folder, List.of(args))
              : race(folder, List.of(args), false) ? 0 : 1;
    } finally {
      delete(folder);
    }
    System.exit(status);
  }

  private static int inside(Path folder, List<String> args) throws Exception {
    List<String> words = new ArrayList<>(Surroundings.entering(folder.resolve("stopwatch")));
    words.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Compare.class.getName(),
            INSIDE,
            folder.toString()));
    words.addAll(args);
    List<Path> made = Surroundings.makePlaces();
    try {
      Process inside = new ProcessBuilder(words).inheritIO().start();
      Runtime.getRuntime().addShutdownHook(new Thread(inside::destroyForcibly));
      return inside.waitFor();
    } finally {
      for (Path place : made) {
        Files.deleteIfExists(place);
      }
    }
  }

  private static boolean race(Path folder, List<String> args, boolean inside) throws Exception {
    Path tree = Path.of(args.get(0)).toAbsolutePath();
    Path results = Path.of(args.get(1));
    int runs = args.size() > 2 ? Integer.parseInt(args.get(2)) : 15;
    Report report = new Report();
    List<Peer> there = new ArrayList<>();
    for (Peer peer : List.of(new Launcher(tree, inside), new Libvirt(inside))) {
      peer.absence().ifPresentOrElse(report::note, () -> there.add(peer));
    }
    boolean whole = false;
    try (Stopwatch stopwatch = Stopwatch.start(folder.resolve("stopwatch"), folder)) {
      for (Peer peer : there) {
        peer.open(Files.createDirectory(folder.resolve(peer.name())));
        report.note(peer.name() + " is " + peer.version());
      }
      BareJvm.prepare(folder);
      long end = System.nanoTime() + LONGEST_NANOS;
      List<String> chosen = args.size() > 3 ? args.subList(3, args.size()) : List.of();
      Compare compare = new Compare(new Race(folder, there, report, stopwatch, runs, end), chosen);
      compare.all(tree, inside);
      Goal.floors(report);
      whole = !compare.failed;
    } finally {
      // first: what was measured is kept whatever happens in the end
      report.write(results, LocalDate.now(ZoneId.systemDefault()).toString(), Goal.of(report));
      for (Peer peer : there) {
        peer.close();
      }
    }
    return whole;
  }

  private void all(Path tree, boolean inside) throws IOException, InterruptedException {
    race.daemons("idle");
    section("life", new LifeSection(race)::run);
    if (inside) {
      section("first command", new FirstCommandSection(race, tree)::run);
      section("late first process", new LateSection(race)::run);
    } else {
      race.report().note("the first command of a plain user is not raced: it needs root");
    }
    section("100 starts", new ParallelSection(race, 100)::run);
    section("lists", new ListSection(race)::run);
    section("save and restore", new SavingSection(race)::saves);
    section("power button", new SavingSection(race)::powerButton);
    if (inside) {
      section("networks", new OtherSection(race)::networks);
      section("containers", new OtherSection(race)::containers);
    } else {
      race.report().note("networks and containers are not raced: they need root");
    }
    section("20 starts", new ParallelSection(race, 20)::run);
  }

  private interface Section {
    void run() throws Exception;
  }

  /** A section that fails costs its figures, not those of the others. */
  private void section(String name, Section section) {
    long begin = System.nanoTime();
    if (!chosen.isEmpty() && !chosen.contains(name)) {
      return;
    }
    if (race.isOver()) {
      race.report().note("section '" + name + "' was not run: no time was left");
      return;
    }
    try {
      section.run();
    } catch (Exception e) {
      failed = true;
      race.peers().forEach(peer -> peer.log().ifPresent(System.out::println));
      race.report().note("section '" + name + "' failed: " + e.getMessage());
    }
    System.out.printf("%s: %.1f s%n", name, (System.nanoTime() - begin) / 1e9);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
