package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import launcher.engine.GuestState.Phase;
import launcher.engine.host.ControlGroups;
import launcher.engine.host.ProcessDescriptor;
import launcher.engine.network.InOwnNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Containers whose start fails at each step, or whose parts are killed: nothing is left of them.
 */
@ExtendWith(InOwnNetwork.class)
@SuppressWarnings("NullAway.Init") // opened before each test
final class ContainerFaultsIT {
  private static final int KILL = 9;

  private Containers containers;

  @BeforeEach
  void open() throws IOException {
    containers = Containers.onOwnHost();
  }

  @AfterEach
  void close() {
    containers.close();
  }

  private Path image() throws IOException {
    Path image = containers.folder.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(4 << 20);
    }
    Containers.run("mke2fs", "-q", "-F", "-t", "ext4", image.toString());
    return image;
  }

  private static String image(Path file) {
    return "<filesystem type='file'><driver type='loop'/><source file='"
        + file
        + "'/><target dir='/img'/></filesystem>";
  }

  private static void kill(int pid) throws IOException {
    try (ProcessDescriptor process = ProcessDescriptor.of(pid)) {
      process.signal(KILL);
    }
  }

  /** Everything that a container can hold, freezing parts of itself. */
  private Guest holdsEverything() throws IOException {
    Containers.run("ip", "link", "add", "br8", "type", "bridge");
    Guest guest =
        containers.started(
            "holds",
            "",
            image(image())
                + "<interface type='bridge'><source bridge='br8'/><target dev='held0'/>"
                + "</interface><interface type='ethernet'><target dev='held1'/></interface>");
    Path freezer = ControlGroups.whole(Containers.init(guest), "freezer", "payload").orElseThrow();
    Path part = Files.createDirectory(freezer.resolve("part"));
    Process sleeper =
        new ProcessBuilder(
                "nsenter",
                "--target=" + Containers.init(guest),
                "--pid",
                "--mount",
                "--",
                "/bin/sleep",
                "900")
            .start();
    for (Path other :
        ControlGroups.whole(Containers.init(guest), "pids", "payload").stream().toList()) {
      Files.writeString(other.resolve("cgroup.procs"), Long.toString(sleeper.pid()));
    }
    Files.writeString(part.resolve("cgroup.procs"), Long.toString(sleeper.pid()));
    Files.writeString(part.resolve("freezer.state"), "FROZEN");
    return guest;
  }

  private void assertEverythingGone(Guest guest) throws IOException {
    containers.assertNothingLeft(guest);
    assertFalse(Files.exists(Path.of("/sys/class/net/held0")), "a link is left");
    assertFalse(Files.exists(Path.of("/sys/class/net/held1")), "a link is left");
    String loops = Containers.run("losetup", "--list", "--noheadings", "--output", "BACK-FILE");
    assertFalse(loops.contains(containers.folder.toString()), loops);
  }

  @Test
  void aKilledMonitorIsACrashAndLeavesNothing() throws IOException {
    Guest guest = holdsEverything();
    kill(guest.pid().orElseThrow());
    assertTrue(guest.awaitEnd(Containers.LONG));
    assertEquals(new GuestState(Phase.CRASHED, "crashed"), guest.state());
    assertEverythingGone(guest);
    guest.start(StartOptions.DEFAULT);
    assertEquals(Phase.RUNNING, guest.state().phase());
  }

  @Test
  void aKilledFirstProcessIsACrashAndLeavesNothing() throws IOException {
    Guest guest = holdsEverything();
    // its frozen part keeps the kernel from ending it
    kill(Containers.init(guest));
    ControlGroups.thaw("machine/launcher-lxc-" + guest.name());
    assertTrue(guest.awaitEnd(Containers.LONG));
    assertEquals(new GuestState(Phase.CRASHED, "crashed"), guest.state());
    assertEverythingGone(guest);
  }

  @Test
  void aContainerThatPowersItselfOffIsShutOff() throws IOException {
    Guest guest = define("<os><init>/bin/poweroff</init><initarg>-f</initarg></os>", "");
    try {
      guest.start(StartOptions.DEFAULT);
    } catch (EngineException tooFast) {
      assertTrue(String.valueOf(tooFast.getMessage()).contains("await init"), tooFast::getMessage);
      return;
    }
    assertTrue(guest.awaitEnd(Containers.LONG));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
  }

  private Guest define(String more, String devices) {
    return containers.define("fault", more, devices);
  }

  private void awaitAgain(Guest guest, int before) throws InterruptedException {
    containers.await(() -> guest.pid().orElse(before) != before && guest.state().active());
  }

  @Test
  void itsDefinitionSaysWhetherItBeginsAgain() throws IOException, InterruptedException {
    Guest guest =
        containers.started(
            "again", "<on_poweroff>restart</on_poweroff><on_crash>restart</on_crash>", "");
    readUntilUp(guest);
    int first = guest.pid().orElseThrow();
    // from outside: a shell inside may be ended with the container before it can tell
    Containers.run("kill", "-PWR", Integer.toString(Containers.init(guest)));
    awaitAgain(guest, first);
    readUntilUp(guest);
    int second = guest.pid().orElseThrow();
    kill(second);
    awaitAgain(guest, second);
    assertEquals(new GuestState(Phase.RUNNING, "crashed"), guest.state());
    readUntilUp(guest);
    // what was asked of it from outside is no end of its own
    guest.shutdown(ShutdownOptions.within(Containers.LONG));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
    Containers.start(guest);
    guest.destroy(false);
    assertEquals(new GuestState(Phase.SHUT_OFF, "destroyed"), guest.state());
  }

  /** And longer than what would be begun again for ever. */
  private static void readUntilUp(Guest guest) throws IOException {
    Terminals.awaitWord(guest, "CONTAINER-UP");
    Containers.inside(guest, "sleep", "1");
  }

  @Test
  void aStartThatFailsLeavesNothing() throws IOException {
    Path text = Files.writeString(containers.folder.resolve("text"), "no file system");
    Containers.run("ip", "link", "add", "taken0", "type", "veth", "peer", "name", "taken1");
    String twice = "<ip address='10.5.0.2' peer='10.5.0.1' prefix='32'/>";
    Map<String, Guest> faults = new LinkedHashMap<>();
    faults.put(
        "'mount image' of '" + text,
        define("", image(image()).replace("/img", "/ok") + image(text)));
    faults.put(
        "the host has a link of that name",
        define("", "<interface type='ethernet'><target dev='taken0'/></interface>"));
    faults.put(
        "'/no/such' does not exist",
        define("", "<filesystem><source dir='/no/such'/><target dir='/x'/></filesystem>"));
    faults.put(
        "LXC gave up",
        define("", "<interface type='bridge'><source bridge='nobridge'/></interface>"));
    faults.put(
        "No such file or directory", define("<os><init>/no/init</init></os>", image(image())));
    faults.put(
        "'configure links of the container'",
        define("", "<interface type='ethernet'>" + twice + twice + "</interface>"));
    faults.put("Failed to set \"cpuset.cpus\"", define("<vcpu cpuset='9000'>1</vcpu>", ""));
    for (Map.Entry<String, Guest> fault : faults.entrySet()) {
      Guest guest = fault.getValue();
      EngineException refused =
          assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains(fault.getKey()), "wanted " + fault.getKey() + ": " + message);
      assertEquals(Phase.SHUT_OFF, guest.state().phase());
      assertEverythingGone(guest);
    }
    assertTrue(Files.exists(Path.of("/sys/class/net/taken0")), "somebody else's link was removed");
  }

  @Test
  void destroyEndsAContainerThatHasFrozenAPartOfItself() throws IOException {
    Guest guest = holdsEverything();
    guest.destroy(true);
    assertEquals(new GuestState(Phase.SHUT_OFF, "destroyed"), guest.state());
    assertEverythingGone(guest);
  }

  @Test
  void processesOfOthersInItsGroupAreNotTouched() throws IOException {
    Guest guest = define("", "");
    Path group = Path.of("/sys/fs/cgroup/pids/machine/launcher-lxc-" + guest.name());
    Files.createDirectories(group);
    Process sleeper = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(sleeper.pid()));
      EngineException refused =
          assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("processes of another container"),
          refused::getMessage);
      assertTrue(sleeper.isAlive(), "somebody else's process was killed");
    } finally {
      sleeper.destroyForcibly();
      sleeper.onExit().join();
      Files.deleteIfExists(group);
    }
  }

  @Test
  void initctlReachesAPipeInsideAndNeverOneOutside() throws IOException {
    Path host = containers.folder.resolve("hosts-pipe");
    Containers.run("mkfifo", host.toString());
    Path init = containers.root.resolve("sbin/init");
    Files.writeString(
        init,
        "#!/bin/sh\nmkfifo /run/initctl\nwhile :; do head -c 12 /run/initctl > /tmp/said; "
            + "[ -s /tmp/said ] && exit 0; done\n");
    Guest guest = Containers.start(define("", ""));
    guest.shutdown(new ShutdownOptions(ShutdownMode.INITCTL, Optional.of(Containers.LONG), false));
    byte[] said = Files.readAllBytes(containers.root.resolve("tmp/said"));
    assertEquals(0x69, said[0]);
    assertEquals('0', said[8]);
    // a link that leads out of the container as the host sees it
    Files.writeString(init, "#!/bin/sh\nexec sleep 1000\n");
    Files.deleteIfExists(containers.root.resolve("run/initctl"));
    Files.createSymbolicLink(containers.root.resolve("run/initctl"), host);
    guest.start(StartOptions.DEFAULT);
    try (RandomAccessFile reader = new RandomAccessFile(host.toFile(), "rw")) {
      EngineException refused =
          assertThrows(
              EngineException.class,
              () ->
                  guest.shutdown(
                      new ShutdownOptions(ShutdownMode.INITCTL, Optional.empty(), false)));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("/run/initctl"), refused::getMessage);
      assertEquals(0, new FileInputStream(reader.getFD()).available());
    }
  }
}
