package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The power fails at any point of a shutdown, and again while the guests come back. No guest may be
 * missing afterwards, none may stand or run that did not, and no memory may be used that is older
 * than a guest's disk: {@link CountingGuest#said} sees a number that comes twice.
 */
final class PowerCutIT extends MachineTest {
  private static final int ROUNDS = Integer.getInteger("launcher.cuts", 2);

  @Test
  void everyGuestComesBackOnceWhereverThePowerFails() throws IOException, InterruptedException {
    long seed = Long.getLong("launcher.seed", System.nanoTime());
    Random random = new Random(seed);
    enableGuestsUnit();
    write("/etc/launcher/shutdown.conf", "parallel = 2\n");
    machine().boot();
    List<CountingGuest> running = List.of(guest("a"), guest("b"), guest(HOSTILE));
    CountingGuest paused = guest("paused");
    List<CountingGuest> all = new ArrayList<>(running);
    all.add(paused);
    start(all);
    machine().launcher("suspend", "paused");
    String expected = states();
    StringBuilder story = new StringBuilder("seed " + seed + "\n");
    for (int round = 0; round < ROUNDS; round++) {
      // a guest has three lines in an undisturbed shutdown: planned, begun, done
      int lines = 1 + random.nextInt(3 * all.size() + 2);
      story.append("cut at line ").append(lines).append(" of the shutdown\n");
      machine().run("systemctl", "poweroff", "--no-block");
      awaitLinesOrOff(lines);
      machine().cutPower();
      if (random.nextBoolean()) {
        int more = lines() + 1 + random.nextInt(2 * all.size());
        story.append("cut at line ").append(more).append(" of the return\n");
        machine().begin();
        awaitLinesOrNone(more);
        machine().cutPower();
        if (!Files.exists(machine().path(RECORD))) {
          // all were back already: this power cut was one like any other
          machine().boot();
          startAgain(all);
          continue;
        }
      }
      machine().boot();
      assertEquals(expected, states(), story + machine().journal(0));
      Map<CountingGuest, CountingGuest.Said> then = said(running);
      for (CountingGuest guest : running) {
        guest.assertCountsOnAfter(then.get(guest));
      }
      CountingGuest.Said stands = paused.said();
      assertEquals(stands, paused.said(), "a paused guest says nothing");
      assertFalse(Files.exists(machine().path(RECORD)), story + "nothing is pending");
      assertTrue(partials().isEmpty(), story + "nothing is left: " + partials());
    }
  }

  private void startAgain(List<CountingGuest> all) throws IOException, InterruptedException {
    for (CountingGuest guest : all) {
      CountingGuest.Said then = guest.said();
      machine().launcher("start", guest.name());
      guest.assertBootedAfreshAfter(then);
      guest.awaitCounting(0);
    }
    machine().launcher("suspend", "paused");
  }

  private String states() throws IOException, InterruptedException {
    StringBuilder states = new StringBuilder();
    List<String> names = machine().launcher("list", "--all", "--name").lines().sorted().toList();
    for (String name : names) {
      if (!name.isBlank()) {
        states.append(name).append(": ").append(machine().launcher("domstate", name).strip());
        states.append('\n');
      }
    }
    return states.toString();
  }

  private int lines() throws IOException {
    Path record = machine().path(RECORD);
    return Files.exists(record) ? (int) Files.readString(record).lines().count() : 0;
  }

  private void awaitLinesOrOff(int lines) throws IOException {
    Commands.await(
        () -> lines() >= lines || machine().isOff(), () -> "no line " + lines + " is written");
  }

  private void awaitLinesOrNone(int lines) throws IOException {
    Commands.await(
        () -> lines() == 0 || lines() >= lines, () -> "no line " + lines + " is written");
  }

  private List<Path> partials() throws IOException {
    List<Path> partials = new ArrayList<>();
    try (var files = Files.walk(machine().path("/var/lib/launcher"))) {
      files
          .filter(f -> f.getFileName().toString().matches(".*\\.(partial|used|tmp)"))
          .forEach(partials::add);
    }
    return partials;
  }
}
