package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import launcher.spawn.Completed;
import launcher.spawn.StandardOutput;
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
