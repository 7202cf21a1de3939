package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import launcher.engine.EngineException.Kind;
import launcher.engine.run.ProcessIdentity;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads of one program on one engine, and engines that are closed and opened. */
final class ManyThreadsIT {
  private static final int THREADS = 16;
  private static final int GUESTS = 5;
  private static final int ACTS = Integer.getInteger("launcher.hammer.acts", 25);
  private static final long SEED = Long.getLong("launcher.hammer.seed", 20261127);

  @TempDir private Path root;

  private Engine open() {
    return Engine.open(Folders.under(root), new RealSpawner(), TinyHypervisor::all);
  }

  @Test
  void sixteenThreadsShareAnEngine() throws Exception {
    Path disk = BootSector.disk(root);
    for (int i = 0; i < GUESTS; i++) {
      Files.copy(disk, root.resolve("many" + i + ".img"));
    }
    try (Engine engine = open();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(SEED + i);
        all.add(threads.submit(() -> hammer(engine, random)));
      }
      for (Future<?> one : all) {
        one.get();
      }
      for (Guest guest : engine.guests().list()) {
        // undefined between the look and the act of another thread, it stays until it ends
        assertTrue(guest.persistent() || guest.state().active(), guest.name());
        if (guest.state().active()) {
          assertTrue(ProcessIdentity.of(guest.pid().orElseThrow()).isPresent(), guest.name());
          guest.destroy(false);
        }
      }
      assertEquals(List.of(), names("run/guests"));
      assertEquals(List.of(), names("run/runs"));
    }
    try (Engine engine = open()) {
      assertTrue(engine.guests().list().size() <= GUESTS);
    }
  }

  private void hammer(Engine engine, Random random) {
    for (int i = 0; i < ACTS; i++) {
      String name = "many" + random.nextInt(GUESTS);
      try {
        act(engine.guests(), name, random.nextInt(12));
      } catch (EngineException e) {
        // another thread was faster; what fails for a reason of its own is an error
        assertTrue(
            List.of(Kind.WRONG_STATE, Kind.NOT_FOUND, Kind.EXISTS).contains(e.kind()),
            "seed " + SEED + ": " + e.kind() + " " + e.getMessage());
      }
    }
  }

  private void act(Guests guests, String name, int which) {
    switch (which) {
      case 0, 1 ->
          guests.define(
              TinyHypervisor.xml(name, "pc", root.resolve(name + ".img")), DefineOptions.STRICT);
      case 2, 3, 4 -> guests.get(name).start(StartOptions.DEFAULT);
      case 5 -> guests.get(name).destroy(false);
      case 6 -> guests.get(name).suspend();
      case 7 -> guests.get(name).statistics();
      case 8 -> guests.list().forEach(guest -> assertNotNull(guest.state()));
      case 9 -> guests.get(name).autostart(true);
      case 10 -> guests.get(name).xml(XmlView.LIVE);
      default -> {
        Guest guest = guests.get(name);
        if (!guest.state().active()) {
          guest.undefine(UndefineOptions.DEFINITION);
        }
      }
    }
  }

  private List<String> names(String folder) throws IOException {
    try (var files = Files.list(root.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void aClosedEngineDoesNothingAndTheNextOneSeesAll() throws IOException {
    Path disk = BootSector.disk(root);
    Engine first = open();
    Guest guest =
        first.guests().define(TinyHypervisor.xml("kept", "pc", disk), DefineOptions.STRICT).guest();
    guest.start(StartOptions.DEFAULT);
    final int pid = guest.pid().orElseThrow();
    first.close();
    first.close();
    assertEquals(
        Kind.WRONG_STATE, assertThrows(EngineException.class, () -> guest.suspend()).kind());
    assertThrows(
        EngineException.class,
        () -> first.guests().define(TinyHypervisor.xml("late", "pc", disk), DefineOptions.STRICT));
    try (Engine second = open()) {
      Guest found = second.guests().get("kept");
      assertEquals(pid, found.pid().orElseThrow());
      // the first engine started it, and must not take back what the second one starts anew
      found.destroy(false);
      found.start(StartOptions.DEFAULT);
      assertTrue(found.state().active());
      assertTrue(Files.exists(root.resolve("run/guests").resolve(found.uuid())));
      found.destroy(false);
    }
  }
}
