package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real systemd powers off and boots again, with guests running. */
final class HostShutdownIT {
  private static final String HOSTILE = "() { :;}; echo vulnerable";

  @TempDir Path folder = Path.of("/");
  private final List<SystemdContainer> made = new ArrayList<>();

  @BeforeEach
  void furnish() throws IOException, InterruptedException {
    SystemdContainer.assumePossible();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    made.add(SystemdContainer.make(folder));
    machine().enable("launcher.socket", "sockets.target");
    machine().enable("launcher-guests.service", "multi-user.target");
  }

  @AfterEach
  void tidyUp() throws IOException, InterruptedException {
    for (SystemdContainer machine : made) {
      machine.close();
    }
  }

  private SystemdContainer machine() {
    return made.getFirst();
  }

  private List<CountingGuest> guests(String... names) throws IOException, InterruptedException {
    byte[] sector = CountingGuest.sector(folder);
    List<CountingGuest> guests = new ArrayList<>();
    for (String name : names) {
      guests.add(new CountingGuest(name, guests.size(), machine()).write(sector, false, ""));
    }
    return guests;
  }

  private Map<CountingGuest, CountingGuest.Said> said(List<CountingGuest> guests)
      throws IOException {
    Map<CountingGuest, CountingGuest.Said> said = new LinkedHashMap<>();
    for (CountingGuest guest : guests) {
      said.put(guest, guest.said());
    }
    return said;
  }

  private List<BusyContainer> containers(String... names) throws IOException {
    List<BusyContainer> containers = new ArrayList<>();
    for (String name : names) {
      containers.add(new BusyContainer(name, machine()).write());
    }
    return containers;
  }

  @Test
  void everyGuestComesBackAsItWas() throws IOException, InterruptedException {
    machine().boot();
    List<CountingGuest> running =
        guests("g0", "g1", "g2", "g3", "g4", "g5", "g6", HOSTILE, "paused", "transient");
    CountingGuest gone = running.removeLast();
    CountingGuest paused = running.removeLast();
    List<BusyContainer> containers = containers("c0", "c1", "c2");
    for (CountingGuest guest : running) {
      machine().launcher("define", guest.xml());
    }
    machine().launcher("define", paused.xml());
    List<String> start = new ArrayList<>(List.of("start", paused.name()));
    running.forEach(guest -> start.add(guest.name()));
    for (BusyContainer container : containers) {
      machine().launcher("define", container.xml());
      start.add(container.name());
    }
    machine().launcher(start.toArray(String[]::new));
    machine().launcher("create", gone.xml());
    for (CountingGuest guest : running) {
      guest.awaitCounting(0);
    }
    paused.awaitCounting(0);
    gone.awaitCounting(0);
    for (BusyContainer container : containers) {
      container.awaitBoots(1);
    }
    machine().launcher("suspend", paused.name());
    String inhibitors = machine().succeed("systemd-inhibit", "--list", "--no-pager");
    assertTrue(inhibitors.contains("launcherd"), inhibitors);
    String before = machine().launcher("list", "--all");

    machine().powerOff();

    Map<CountingGuest, CountingGuest.Said> then = said(running);
    CountingGuest.Said pausedThen = paused.said();
    assertEquals(1, gone.said().presses(), "a transient guest is shut down by its button");
    for (BusyContainer container : containers) {
      assertEquals(1, container.shutdowns(), container.name() + " was shut down in order");
    }

    machine().boot();

    assertEquals(
        states(before.lines().filter(l -> !l.contains(" transient ")).toList()),
        states(machine().launcher("list", "--all").lines().toList()));
    for (CountingGuest guest : running) {
      guest.assertCountsOnAfter(then.getOrDefault(guest, new CountingGuest.Said(0, 0, -1)));
    }
    assertEquals(pausedThen, paused.said(), "a paused guest stays so");
    machine().launcher("resume", paused.name());
    paused.assertCountsOnAfter(pausedThen);
    for (BusyContainer container : containers) {
      container.awaitBoots(2);
    }
    assertEquals(1, gone.said().boots(), "a transient guest is gone");
    assertFalse(
        Files.exists(machine().path("/var/lib/launcher/shutdown/suspended.jsonl")),
        "nothing is pending");
  }

  /** Name and state, without the numbers of the runs. */
  private static List<String> states(List<String> table) {
    return table.stream()
        .filter(l -> l.matches(".*(running|paused|shut off).*"))
        .map(l -> l.strip().replaceFirst("^\\S+\\s+", ""))
        .sorted()
        .toList();
  }
}
