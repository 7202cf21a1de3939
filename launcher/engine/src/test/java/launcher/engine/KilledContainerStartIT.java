package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import launcher.drivers.plan.ContainerStep;
import launcher.drivers.plan.Step;
import launcher.engine.host.HostLinks;
import launcher.engine.network.InOwnNetwork;
import launcher.engine.run.RunRecord;
import launcher.engine.run.RunRecords;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An engine that is killed anywhere in a container's start leaves nothing that the next one does
 * not find, and the next one takes nothing that is not the container's.
 */
@ExtendWith(InOwnNetwork.class)
@SuppressWarnings("NullAway.Init") // opened before each test
final class KilledContainerStartIT {
  /** The steps at which it dies; numbers are milliseconds after LXC was let go. */
  private static final List<String> STEPS =
      List.of(
          "mount",
          "before the process",
          "at the handshake",
          "before the word",
          "4",
          "9",
          "15",
          "25");

  private Containers containers;

  /** The other half: starts the container and dies on the way. */
  static final class Victim {
    private Victim() {}

    /** Takes the root folder, the container's name and the step. */
    public static void main(String[] arguments) {
      Spawner deadly = new Deadly(new RealSpawner(), arguments[2]);
      Engine engine = Engine.open(Folders.under(Path.of(arguments[0])), deadly);
      engine.guests().get(arguments[1]).start(StartOptions.DEFAULT);
      // it came to its end within the time
      Runtime.getRuntime().halt(137);
    }
  }

  private record Deadly(Spawner real, String step) implements Spawner {
    private void die(String here) {
      if (here.equals(step)) {
        Runtime.getRuntime().halt(137);
      }
    }

    @Override
    public Child start(CommandSpec command) {
      Child child = real.start(command);
      if (step.equals("mount") && command.program().toString().endsWith("mount")) {
        child.await();
        die("mount");
      }
      return child;
    }

    @Override
    public HeldChild hold(CommandSpec command) {
      return new WatchedSpawner(real, this::at).hold(command);
    }

    private void at(String here) {
      die(here);
      if (here.equals("after the word") && step.matches("[0-9]+")) {
        dieIn(Duration.ofMillis(Long.parseLong(step)));
      }
    }

    private static void dieIn(Duration time) {
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
              LockSupport.parkNanos(end - System.nanoTime());
            }
            Runtime.getRuntime().halt(137);
          });
    }
  }

  @BeforeEach
  void open() throws IOException {
    containers = Containers.onOwnHost();
  }

  @AfterEach
  void close() {
    containers.close();
  }

  @Test
  void nothingIsLeftBehind() throws IOException {
    Containers.run("ip", "link", "add", "br9", "type", "bridge");
    Path image = containers.folder.resolve("disk.img");
    Containers.run("truncate", "--size=4M", image.toString());
    Containers.run("mke2fs", "-q", "-F", "-t", "ext4", image.toString());
    Guest guest =
        containers.define(
            "dies",
            "",
            "<filesystem type='file'><driver type='loop'/><source file='"
                + image
                + "'/><target dir='/mnt'/></filesystem><interface type='bridge'>"
                + "<source bridge='br9'/><target dev='dies0'/></interface>");
    String name = guest.name();
    for (String step : STEPS) {
      containers.engine.close();
      OtherJvm.killed(Victim.class, containers.folder.resolve("l").toString(), name, step);
      containers.engine = containers.open();
      Guest found = containers.engine.guests().get(name);
      if (found.state().active()) {
        assertTrue(step.matches("[0-9]+"), step + ": nobody was told that it runs");
        found.destroy(false);
      }
      containers.assertNothingLeft(found);
      assertFalse(HostLinks.exists("dies0"), step + ": a link is left");
      String loops = Containers.run("losetup", "--list", "--noheadings", "--output", "BACK-FILE");
      assertFalse(loops.contains(containers.folder.toString()), step + loops);
    }
    Guest again = Containers.start(containers.engine.guests().get(name));
    assertEquals("", Containers.inside(again, "ls", "-A", "/mnt").replace("lost+found", ""));
  }

  /** What a start of the same name under another root would have remembered at its end. */
  private static void remember(Path root, Guest guest, List<Step> steps) throws IOException {
    RunRecords records = new RunRecords(Files.createDirectories(root.resolve("run/runs")));
    records.save(
        new RunRecord(
            guest.name(),
            guest.uuid(),
            "lxc",
            1,
            RunRecord.Phase.STARTING,
            0,
            0,
            steps,
            Optional.empty(),
            root.resolve("log"),
            Instant.now(),
            "booted",
            true,
            Optional.empty(),
            List.of(),
            List.of()));
    records.saveLive(guest.uuid(), guest.xml(XmlView.LIVE));
  }

  @Test
  void whatIsAnothersIsNotTaken() throws IOException {
    Guest guest =
        containers.started(
            "keeps", "", "<interface type='ethernet'><target dev='keeps0'/></interface>");
    String group = "machine/launcher-lxc-" + guest.name();
    Path other = containers.folder.resolve("other");
    List<Step> claims =
        List.of(
            new ContainerStep.ControlGroup(group, other.resolve("run/guests/1/config")),
            new ContainerStep.HostEnd("keeps0", HostLinks.number("keeps0")),
            new ContainerStep.HostEnd("keeps0", HostLinks.highest()));
    remember(other, guest, claims);
    Engine.open(Folders.under(other), new RealSpawner()).close();
    assertTrue(Files.notExists(other.resolve("run/runs/" + guest.uuid() + ".json")), "was seen");
    assertTrue(guest.state().active());
    assertEquals("CONTAINER", Containers.inside(guest, "sh", "-c", "echo CONTAINER"));
    assertTrue(HostLinks.exists("keeps0"));
    // a link that is no pair of veths is nobody's container's
    Containers.run("ip", "link", "add", "keeps1", "type", "bridge");
    remember(other, guest, List.of(new ContainerStep.HostEnd("keeps1", 0)));
    Engine.open(Folders.under(other), new RealSpawner()).close();
    assertTrue(HostLinks.exists("keeps1"));
    // the same, its own: such a step is taken back
    List<Step> own = List.of(new ContainerStep.HostEnd("keeps0", 0));
    remember(other, guest, own);
    Engine.open(Folders.under(other), new RealSpawner()).close();
    assertFalse(HostLinks.exists("keeps0"), "or the looks above show nothing");
  }
}
