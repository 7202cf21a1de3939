package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import launcher.spawn.StandardOutput;
import launcher.spawn.libc.Calls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that has taken its QEMU over, against the helper of another guest. */
@SuppressWarnings("NullAway.Init") // made before each test
final class HelperAttackIT {
  private static final String TPM =
      "<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>";

  private static final StandardOutput CAPTURED = new StandardOutput.Captured();

  @TempDir private Path folder;
  private IsolatedGuests guests;

  @BeforeEach
  void open() throws IOException {
    for (String program : List.of("/usr/bin/swtpm", "/usr/bin/swtpm_setup")) {
      assumeTrue(Files.isExecutable(Path.of(program)), "needs " + program);
    }
    guests = IsolatedGuests.asLibvirtQemu(folder);
  }

  @AfterEach
  void end() {
    if (guests != null) {
      guests.close();
    }
  }

  private Guest start(String name) throws IOException {
    Guest guest =
        guests.define(name, IsolatedGuests.disk("raw", guests.copy(name + ".img")) + TPM, "");
    guest.start(StartOptions.DEFAULT);
    return guest;
  }

  /** Starts as ever, and remembers with what rights. */
  private record Remembering(Spawner real, List<CommandSpec> started) implements Spawner {
    @Override
    public Child start(CommandSpec command) {
      started.add(command);
      return real.start(command);
    }

    @Override
    public HeldChild hold(CommandSpec command) {
      return real.hold(command);
    }
  }

  /** What a TPM's emulator could read that its guest has taken over, with the rights it had. */
  private static String read(CommandSpec emulator, Path file) {
    Completed tried =
        new RealSpawner()
            .run(
                CommandSpec.of("/usr/bin/head")
                    .addAll(List.of("-c", "1", file.toString()))
                    .environment(Environment.common())
                    .confinement(emulator.confinement())
                    .capture()
                    .build());
    return tried.status().success() ? "read" : tried.error().text();
  }

  @Test
  void anEmulatorReachesNothingButItsState() throws IOException {
    assumeTrue(Calls.landlockVersion() > 0, "needs a kernel with Landlock");
    List<CommandSpec> started = new ArrayList<>();
    // as root, so that no owner stands in the way
    guests.reopen("", new Remembering(new RealSpawner(), started));
    Guest own = start("own");
    Path image = guests.root().resolve("own.img");
    List<CommandSpec> emulators =
        started.stream().filter(command -> command.program().toString().contains("swtpm")).toList();
    assertEquals(2, emulators.size(), "the emulator and what makes it ready: " + started);
    for (CommandSpec emulator : emulators) {
      for (Path foreign : List.of(Path.of("/etc/shadow"), image, Path.of("/dev/kmsg"))) {
        // what makes it ready has its scratch in /tmp, whatever it is told, and no guest runs yet
        if (!emulator.program().endsWith("swtpm_setup") || !foreign.startsWith("/tmp")) {
          String said = read(emulator, foreign);
          assertTrue(said.contains("Permission denied"), foreign + " " + said);
        }
      }
      Path state =
          below("lib").stream()
              .filter(file -> file.toString().contains("tpm2"))
              .findFirst()
              .orElseThrow();
      assertEquals("read", read(emulator, state));
    }
    own.destroy(false);
    started.clear();
    guests.reopen("landlock = off\n", new Remembering(new RealSpawner(), started));
    guests.engine().guests().get("own").start(StartOptions.DEFAULT);
    assertEquals("read", read(started.getLast(), image), "off for the host");
  }

  private List<Path> below(String name) throws IOException {
    try (Stream<Path> all = Files.walk(guests.root().resolve(name))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private Path pidFile(Guest guest) throws IOException {
    return below("run/helpers").stream()
        .filter(file -> file.toString().contains(guest.uuid()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itsEndEndsNoHelperOfAnother() throws IOException {
    Guest evil = start("evil");
    Guest victim = start("victim");
    Path named = pidFile(victim);
    long helper = Long.parseLong(Files.readString(named).strip());
    // whatever lies in its run folder may name the other's helper
    for (String name : List.of("tpm0.pid", "tpm-tpm0.pid", "swtpm.pid", "fs0.pid", "net0.pid")) {
      Path file = guests.root().resolve("run/guests").resolve(evil.uuid()).resolve(name);
      Completed written =
          IsolatedGuests.asLibvirtQemu(
              CAPTURED, "cp", "/proc/" + helper + "/comm", file.toString());
      assertTrue(written.status().success(), written.error().text());
      Files.writeString(file, helper + "\n");
    }
    for (String word : List.of("rm", "touch", "cat")) {
      for (Path file : below("run/helpers")) {
        Completed tried = IsolatedGuests.asLibvirtQemu(CAPTURED, word, file.toString());
        assertTrue(tried.error().text().contains("Permission denied"), tried.error().text());
      }
    }
    evil.destroy(false);
    assertTrue(ProcessHandle.of(helper).orElseThrow().isAlive());
    assertEquals(Long.toString(helper), Files.readString(named).strip());
    victim.destroy(false);
    assertEquals(List.of(), below("run/helpers"), "nothing is left");
  }
}
