package launcher.tests.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.tests.chaos.GuestModel.Run;
import launcher.tests.guests.Tools;
import launcher.tests.tree.HelloGuest;
import launcher.tests.tree.InstalledLauncher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the daemon, a guest's QEMU or a client with SIGKILL at random moments, while guests are
 * defined, started, saved, renamed and so on, and looks at what is left: every definition whole and
 * the one before or the one after, guests that ran running in the same process, the next command
 * seeing the truth, and nothing lying around.
 *
 * <p>{@code -Dlauncher.chaos.rounds=300} for a long night, {@code -Dlauncher.chaos.seed=N} for what
 * a failure names.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
final class ChaosIT {
  private static final int ROUNDS = Integer.getInteger("launcher.chaos.rounds", 16);
  private static final long SEED = Long.getLong("launcher.chaos.seed", 20261127);
  private static final int GUESTS = 4;
  private static final int LONGEST_MILLIS = 1500;
  private static final long PATIENCE_SECONDS = 90;

  private static final String DEVICES =
      "{\"execute\":\"qom-list\",\"arguments\":{\"path\":\"/machine/peripheral\"}}";

  /** Who is killed. */
  private enum Victim {
    DAEMON,
    MACHINE,
    CLIENT,
    DAEMON_AND_MACHINE
  }

  @TempDir(cleanup = CleanupMode.ALWAYS)
  Path folder;

  private final Map<String, Long> running = new TreeMap<>();

  @Test
  void nothingIsLostWhoeverIsKilled() throws Exception {
    Tools.require("qemu-system-x86_64", "qemu-system-x86");
    Path root = folder.resolve("root");
    Random random = new Random(SEED);
    List<ChaosGuest> guests = guests(random);
    Map<Victim, Integer> killed = new TreeMap<>();
    try (ChaosDaemon daemon = ChaosDaemon.start(InstalledLauncher.tree(), root)) {
      daemon.connect().close();
      for (int round = 0; round < ROUNDS; round++) {
        String when = "seed " + SEED + ", round " + round;
        Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
        try {
          round(daemon, guests, victim, random);
          awaitOrder(daemon, root, guests);
        } catch (AssertionError | IOException e) {
          throw new AssertionError(when + ", " + victim + ": " + e.getMessage(), e);
        }
        killed.merge(victim, 1, Integer::sum);
      }
    }
    System.out.println("chaos: seed " + SEED + ", killed " + killed);
  }

  private List<ChaosGuest> guests(Random random) throws IOException, InterruptedException {
    List<ChaosGuest> guests = new ArrayList<>();
    for (int i = 0; i < GUESTS; i++) {
      String name = i == 0 ? "() { :;}; echo vulnerable" : "chaos " + i;
      String xml = Files.readString(HelloGuest.in(folder, "chaos" + i));
      String template =
          xml.replace("<name>chaos" + i + "</name>", "<name>@NAME@</name><!-- @VERSION@ -->")
              // a disk on it goes without the guest's help
              .replace("model='none'/>\n    <serial", "model='qemu-xhci'/>\n    <serial");
      Path image = Files.write(folder.resolve("plugged " + i), new byte[1 << 20]);
      guests.add(
          new ChaosGuest(name, template, folder.resolve("saved " + i), image, random.nextLong()));
    }
    return guests;
  }

  private void round(ChaosDaemon daemon, List<ChaosGuest> guests, Victim victim, Random random)
      throws Exception {
    List<CompletableFuture<Void>> works = new ArrayList<>();
    for (ChaosGuest guest : guests) {
      Client client = daemon.connect();
      CompletableFuture<Void> work = new CompletableFuture<>();
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try (client) {
              guest.work(client);
              work.complete(null);
            } catch (IOException | Error | RuntimeException e) {
              work.completeExceptionally(e);
            }
          });
      works.add(work);
    }
    // not a wait for anything: the moment of the kill is what chance decides
    TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS) + 1L);
    switch (victim) {
      case DAEMON -> daemon.kill();
      case MACHINE -> killMachine(daemon, guests, random);
      case CLIENT -> guests.get(random.nextInt(guests.size())).hangUp();
      case DAEMON_AND_MACHINE -> {
        killMachine(daemon, guests, random);
        daemon.kill();
      }
    }
    guests.forEach(ChaosGuest::enough);
    for (CompletableFuture<Void> work : works) {
      finished(work);
    }
    if (victim == Victim.DAEMON || victim == Victim.DAEMON_AND_MACHINE) {
      daemon.again();
    }
  }

  private static void finished(CompletableFuture<Void> work)
      throws InterruptedException, IOException {
    try {
      work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("an act does not end", e);
    } catch (ExecutionException e) {
      throw new AssertionError(String.valueOf(e.getCause().getMessage()), e.getCause());
    }
  }

  private static void killMachine(ChaosDaemon daemon, List<ChaosGuest> guests, Random random)
      throws IOException {
    List<List<Long>> all = List.copyOf(daemon.machines().values());
    if (!all.isEmpty()) {
      // whose it is nobody knows at this moment
      guests.forEach(ChaosGuest::disturb);
      all.get(random.nextInt(all.size()))
          .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
  }

  /** What a client left under way may take a moment; then everything must be in order. */
  private void awaitOrder(ChaosDaemon daemon, Path root, List<ChaosGuest> guests)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try (Client client = daemon.connect()) {
      Optional<String> disorder = new Order(daemon, client, root, folder).look();
      while (disorder.isPresent()) {
        if (System.nanoTime() > end) {
          throw new AssertionError(disorder.get());
        }
        TimeUnit.MILLISECONDS.sleep(50); // asks anew: a folder tells nobody when it is in order
        disorder = new Order(daemon, client, root, folder).look();
      }
      remember(daemon, client, guests);
    }
  }

  private void remember(ChaosDaemon daemon, Client client, List<ChaosGuest> guests)
      throws IOException {
    Map<String, List<Long>> machines = daemon.machines();
    for (ChaosGuest guest : guests) {
      boolean ranBefore = guest.surelyRuns() && !guest.hasActed();
      Optional<Members> row = row(client, guest.name()).or(() -> rowOrNone(client, guest));
      String uuid = row.map(r -> r.text("uuid")).orElse("");
      List<Long> pids = machines.getOrDefault(uuid, List.of());
      if (ranBefore && !pids.equals(List.of(running.getOrDefault(uuid, -1L)))) {
        throw new AssertionError(guest.name() + " ran as " + running + ", is now " + pids);
      }
      if (pids.isEmpty()) {
        running.remove(uuid);
      } else {
        running.put(uuid, pids.getFirst());
      }
      guest.found(real(client, row));
    }
  }

  private static Optional<Members> rowOrNone(Client client, ChaosGuest guest) {
    try {
      return row(client, guest.name() + "-b");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Members> row(Client client, String name) throws IOException {
    try {
      return Optional.of((Members) client.ask("dominfo", Json.object("guest", name)));
    } catch (ControlException e) {
      if (e.outcome() == Outcome.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static GuestModel real(Client client, Optional<Members> row) throws IOException {
    if (row.isEmpty()) {
      return GuestModel.nothing("").seen();
    }
    Members info = row.get();
    String name = info.text("name");
    Members dumped = (Members) client.ask("dumpxml", Json.object("guest", name, "asWritten", true));
    String version = dumped.text("xml").replaceAll("(?s).*<!-- ([0-9]+) -->.*", "$1");
    Run run =
        switch (info.text("state")) {
          case "running" -> Run.RUNNING;
          case "shut off", "crashed" -> info.isTrue("managedSave") ? Run.SAVED : Run.OFF;
          default -> throw new AssertionError(name + " is " + info.text("state"));
        };
    boolean plugged = run == Run.RUNNING && plugged(client, name);
    return new GuestModel(
        true,
        name,
        Integer.parseInt(version),
        info.isTrue("autostart"),
        run,
        GuestModel.Saved.NOTHING,
        plugged);
  }

  private static boolean plugged(Client client, String name) throws IOException {
    return live(client, name).contains("dev='sdz'");
  }

  private static String live(Client client, String name) throws IOException {
    return ((Members) client.ask("dumpxml", Json.object("guest", name))).text("xml");
  }

  /** What QEMU and the live definition say differently of a disk that is plugged in and out. */
  private static Optional<String> difference(Client client, String name) throws IOException {
    boolean known = plugged(client, name);
    for (String question : List.of(DEVICES, "{\"execute\":\"query-block\"}")) {
      Members command = Json.object("guest", name, "command", question);
      String answer = ((Members) client.ask("qemu-monitor-command", command)).text("answer");
      if (answer.contains("usb-disk") != known) {
        return Optional.of(name + ": " + live(client, name) + "\nhas " + answer);
      }
    }
    return Optional.empty();
  }

  /** What must hold of all guests and files together. */
  private record Order(ChaosDaemon daemon, Client client, Path root, Path folder) {

    /** The first thing out of order. */
    Optional<String> look() throws IOException {
      if (daemon.connections() != 1) {
        return Optional.of("something is under way on " + daemon.connections() + " connections");
      }
      Set<String> active = new TreeSet<>();
      Set<String> saved = new TreeSet<>();
      for (Json item :
          ((Json.Array) client.ask("list", Json.object("all", true, "details", true))).items()) {
        Members row = (Members) item;
        String state = row.text("state");
        if (!Set.of("running", "shut off", "crashed").contains(state)) {
          return Optional.of(row.text("name") + " is " + state);
        }
        if (state.equals("running")) {
          active.add(row.text("uuid"));
        }
        if (row.isTrue("managedSave")) {
          saved.add(row.text("uuid"));
        }
        if (row.find("answering").isPresent()) {
          return Optional.of(row.text("name") + " does not answer");
        }
        if (state.equals("running")) {
          Optional<String> difference = difference(client, row.text("name"));
          if (difference.isPresent()) {
            return difference;
          }
        }
      }
      Map<String, List<Long>> machines = daemon.machines();
      if (!machines.keySet().equals(active)
          || machines.values().stream().anyMatch(pids -> pids.size() != 1)) {
        return Optional.of("processes " + machines + " of running guests " + active);
      }
      return leftovers(active, saved);
    }

    private Optional<String> leftovers(Set<String> active, Set<String> saved) throws IOException {
      if (!names("run/guests").equals(active)) {
        return Optional.of("run folders " + names("run/guests") + " of " + active);
      }
      Set<String> records = new TreeSet<>();
      active.forEach(uuid -> records.addAll(List.of(uuid + ".json", uuid + ".xml")));
      if (!names("run/runs").equals(records)) {
        return Optional.of("records " + names("run/runs") + " of " + active);
      }
      try (var all = Files.walk(folder)) {
        for (Path path : all.filter(Files::isRegularFile).toList()) {
          String name = path.getFileName().toString();
          boolean foreign = name.equals("managed.save") && !saved.contains(parent(path));
          if (foreign
              || name.endsWith(".tmp")
              || name.endsWith(".partial")
              || name.endsWith(".used")
              || path.toString().contains("/renaming/")) {
            return Optional.of("left: " + path);
          }
        }
      } catch (UncheckedIOException changing) {
        return Optional.of("changing: " + changing.getMessage());
      }
      return Optional.empty();
    }

    private static String parent(Path path) {
      return path.getName(path.getNameCount() - 2).toString();
    }

    private Set<String> names(String below) throws IOException {
      Path path = root.resolve(below);
      Set<String> names = new TreeSet<>();
      if (Files.isDirectory(path)) {
        try (var files = Files.list(path)) {
          files.forEach(file -> names.add(file.getFileName().toString()));
        }
      }
      return names;
    }
  }
}
