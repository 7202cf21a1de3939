package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A real systemd powers off and boots again, with guests running. */
final class HostShutdownIT extends MachineTest {

  private List<BusyContainer> containers(String... names) throws IOException {
    List<BusyContainer> containers = new ArrayList<>();
    for (String name : names) {
      containers.add(new BusyContainer(name, machine()).write());
    }
    return containers;
  }

  @Test
  void everyGuestComesBackAsItWas() throws IOException, InterruptedException {
    enableGuestsUnit();
    machine().boot();
    List<CountingGuest> running = new ArrayList<>();
    for (String name : List.of("g0", "g1", "g2", "g3", "g4", "g5", "g6", HOSTILE)) {
      running.add(guest(name));
    }
    CountingGuest paused = guest("paused");
    CountingGuest gone = guest("transient");
    List<BusyContainer> containers = containers("c0", "c1", "c2");
    List<CountingGuest> machines = new ArrayList<>(running);
    machines.add(paused);
    start(machines);
    machine().launcher("create", gone.xml());
    gone.awaitCounting(0);
    for (BusyContainer container : containers) {
      machine().launcher("define", container.xml());
      machine().launcher("start", container.name());
      container.awaitBoots(1);
    }
    machine().launcher("suspend", paused.name());
    machine().launcher("suspend", "c2");
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
    assertAllCountOnAfter(then);
    assertEquals(pausedThen, paused.said(), "a paused guest stays so");
    machine().launcher("resume", paused.name());
    paused.assertCountsOnAfter(pausedThen);
    machine().launcher("resume", "c2");
    for (BusyContainer container : containers) {
      container.awaitBoots(2);
    }
    assertEquals(1, gone.said().boots(), "a transient guest is gone");
    assertFalse(Files.exists(machine().path(RECORD)), "nothing is pending");
  }

  /** Name and state, without the numbers of the runs. */
  private static List<String> states(List<String> table) {
    return table.stream()
        .filter(l -> l.matches(".*(running|paused|shut off).*"))
        .map(l -> l.strip().replaceFirst("^\\S+\\s+", ""))
        .sorted()
        .toList();
  }

  /**
   * systemd is to give up after six seconds, and it takes longer: so it is told of the progress.
   */
  @Test
  void whatCannotBeSavedIsShutDownOrPoweredOff() throws IOException, InterruptedException {
    enableGuestsUnit();
    dropIn("launcher-guests.service", "[Service]\nTimeoutStopSec=6s\n");
    write("/etc/systemd/logind.conf.d/test.conf", "[Login]\nInhibitDelayMaxSec=1\n");
    write(
        "/etc/launcher/shutdown.conf",
        "ladder = save 60s, acpi 60s, power-off 10s\nparallel = 8\nbudget = 120\n");
    machine().boot();
    CountingGuest deaf = guest("deaf", true, "ladder='acpi 10s, power-off 5s'/>");
    CountingGuest hung = guest("hung", false, "ladder='save 5s, acpi 2s, power-off 5s'/>");
    CountingGuest full = guest("full");
    CountingGuest web = guest("web", false, "order='1'><needs guest='database'/></shutdown>");
    CountingGuest database = guest("database", false, "order='5'/>");
    List<CountingGuest> all = List.of(deaf, hung, full, web, database);
    start(all);
    String uuid = machine().launcher("domuuid", "full").strip();
    String saves = "/var/lib/launcher/saved/" + uuid;
    machine().succeed("mkdir", "-p", saves);
    machine().succeed("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", saves);
    machine().succeed("kill", "-STOP", pid("hung"));

    machine().powerOff();

    Map<CountingGuest, CountingGuest.Said> then = said(all);
    assertEquals(1, deaf.said().presses(), "its button was pressed");
    assertEquals(1, full.said().presses(), "its button was pressed");
    assertEquals(0, hung.said().presses());
    machine().boot();
    for (CountingGuest afresh : List.of(deaf, hung, full)) {
      afresh.assertBootedAfreshAfter(then.get(afresh));
    }
    for (CountingGuest saved : List.of(web, database)) {
      saved.assertCountsOnAfter(then.get(saved));
    }
    String past = machine().journal(-1);
    assertInOrder(past, "'web': saved", "'database': saved");
    assertTrue(past.contains("'full': shut down"), past);
    assertTrue(past.contains("No space left on device"), past);
    assertInOrder(
        past, "Stopping launcher-guests.service", "'deaf': powered off", "Stopped launcher-guests");
    assertInOrder(
        past, "Stopping launcher-guests.service", "'hung': powered off", "Stopped launcher-guests");
    assertFalse(past.contains("timed out"), past);
    assertInOrder(machine().journal(0), "'database': resumed", "'web': resumed");
  }

  @Test
  void theDaemonIsKilledHalfWay() throws IOException, InterruptedException {
    enableGuestsUnit();
    write("/etc/launcher/shutdown.conf", "parallel = 1\n");
    machine().boot();
    List<CountingGuest> all = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d", "e", "f")) {
      all.add(guest(name));
    }
    start(all);
    machine().run("systemctl", "poweroff", "--no-block");
    awaitRecord("\"DONE\"");
    machine().run("systemctl", "kill", "--signal=KILL", "--kill-who=main", "launcher.service");
    machine().awaitOff();

    Map<CountingGuest, CountingGuest.Said> then = said(all);
    for (CountingGuest guest : all) {
      assertEquals(0, guest.said().presses(), guest.name() + " was saved, not shut down");
    }
    machine().boot();
    assertAllCountOnAfter(then);
  }

  /** Then even a service that ends everything in its group ends no guest. */
  @Test
  void everyMachineHasAScopeOfItsOwn() throws IOException, InterruptedException {
    enableGuestsUnit();
    write("/etc/launcher/isolation.conf", "landlock = off\n");
    dropIn("launcher.service", "[Service]\nKillMode=control-group\n");
    machine().boot();
    List<CountingGuest> all = List.of(guest("one"), guest(HOSTILE));
    start(all);
    start(List.of(guest("left", false, "ladder='leave'/>")));
    assertEquals(3, scopes().size(), scopes().toString());
    for (CountingGuest guest : all) {
      String group = machine().succeed("cat", "/proc/" + pid(guest.name()) + "/cgroup");
      assertTrue(group.contains("/machine.slice/machine-qemu\\x2d"), group);
    }
    assertOpensNoOtherDevice("one");
    machine().succeed("systemctl", "stop", "launcher.service");
    machine().succeed("systemctl", "restart", "launcher.service");
    for (CountingGuest guest : all) {
      guest.assertCountsOnAfter(guest.said());
    }
    machine().launcher("destroy", "one");
    Commands.await(() -> scopes().size() == 2, () -> "a scope is left: " + scopes());
    machine().launcher("start", "one");
    all.getFirst().awaitCounting(1);

    machine().powerOff();

    Map<CountingGuest, CountingGuest.Said> then = said(all);
    machine().boot();
    assertInOrder(
        machine().journal(-1),
        "Stopped launcher-guests.service",
        "Stopped launcher.service",
        "Stopping machine-qemu\\x2d3\\x2dleft.scope");
    assertAllCountOnAfter(then);
    assertEquals(scopes().size(), machine().launcher("list", "--name").strip().lines().count());
  }

  /** By the program on its scope; without Landlock, which would be first. */
  private void assertOpensNoOtherDevice(String guest) throws IOException, InterruptedException {
    machine().succeed("mknod", "/var/tmp/kmsg", "c", "1", "11");
    machine().succeed("mknod", "/var/tmp/null", "c", "1", "3");
    machine().succeed("chmod", "666", "/var/tmp/kmsg", "/var/tmp/null");
    String open =
        "{\"execute\":\"chardev-add\",\"arguments\":{\"id\":\"%1$s\",\"backend\":{\"type\":\"file\",\"data\":{\"out\":\"/var/tmp/%1$s\",\"append\":true}}}}";
    String said = machine().launcher("qemu-monitor-command", guest, open.formatted("null"));
    assertTrue(said.contains("\"return\""), said);
    Commands.Result refused =
        machine().tryLauncher("qemu-monitor-command", guest, open.formatted("kmsg"));
    assertTrue(refused.toString().contains("Operation not permitted"), refused.toString());
  }

  private List<String> scopes() throws IOException, InterruptedException {
    return machine()
        .succeed("systemctl", "list-units", "--no-legend", "--plain", "machine-qemu*.scope")
        .lines()
        .toList();
  }

  /** As a package does it: another tree is there under the same name, then the units restart. */
  @Test
  void anUpgradeTouchesNoGuest() throws IOException, InterruptedException {
    enableGuestsUnit();
    machine().boot();
    CountingGuest guest = guest("untouched");
    start(List.of(guest));
    String pid = pid("untouched");
    String program = SystemdContainer.program();
    machine().succeed("cp", "-a", program, "/var/tmp/newer");
    machine().succeed("mount", "--bind", "/var/tmp/newer", program);
    assertTrue(machine().launcher("list").contains("untouched"), "the old daemon answers");
    String before = machine().succeed("systemctl", "show", "-P", "MainPID", "launcher.service");
    machine().succeed("systemctl", "daemon-reload");
    machine().succeed("systemctl", "try-restart", "launcher.service", "launcher-guests.service");
    assertTrue(machine().launcher("list").contains("untouched"), "the new one does");
    String after = machine().succeed("systemctl", "show", "-P", "MainPID", "launcher.service");
    assertNotEquals(before, after);
    String maps = machine().succeed("cat", "/proc/" + after.strip() + "/mountinfo");
    assertTrue(maps.contains("/var/tmp/newer"), maps);
    guest.assertCountsOnAfter(guest.said());
    assertEquals(pid, pid("untouched"));
    assertEquals(1, guest.said().boots());
  }

  @Test
  void restartsAndUpgradesTouchNoGuest() throws IOException, InterruptedException {
    enableGuestsUnit();
    machine().boot();
    CountingGuest guest = guest("untouched");
    start(List.of(guest));
    String pid = pid("untouched");
    for (List<String> act :
        List.of(
            List.of("restart", "launcher.service"),
            List.of("restart", "launcher-guests.service"),
            List.of("stop", "launcher-guests.service", "launcher.service", "launcher.socket"),
            List.of("daemon-reload"),
            List.of("daemon-reexec"),
            List.of("start", "launcher.socket", "launcher-guests.service"),
            List.of("kill", "--signal=KILL", "--kill-who=main", "launcher.service"),
            List.of("try-restart", "launcher-guests.service", "launcher.service"))) {
      List<String> words = new ArrayList<>(List.of("systemctl"));
      words.addAll(act);
      machine().succeed(words.toArray(String[]::new));
      CountingGuest.Said then = guest.said();
      guest.assertCountsOnAfter(then);
    }
    Commands.await(
        () -> machine().tryLauncher("dominfo", "untouched").status() == 0,
        () -> "no daemon answers: " + machine().journal(0));
    assertEquals(pid, pid("untouched"));
    assertEquals(1, guest.said().boots());
  }
}
