package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests with a machine of their own share. */
abstract class MachineTest {
  static final String HOSTILE = "() { :;}; echo vulnerable";
  private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*(\\d+)");
  static final String RECORD = "/var/lib/launcher/shutdown/suspended.jsonl";

  @TempDir Path folder = Path.of("/");
  private final List<SystemdContainer> made = new ArrayList<>();
  private final List<CountingGuest> guests = new ArrayList<>();

  @BeforeEach
  void furnish() throws IOException, InterruptedException {
    SystemdContainer.assumePossible();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    made.add(SystemdContainer.make(folder));
    machine().enable("launcher.socket", "sockets.target");
  }

  @AfterEach
  void tidyUp() throws IOException {
    for (SystemdContainer machine : made) {
      machine.close();
    }
  }

  final SystemdContainer machine() {
    return made.getFirst();
  }

  /** Has the unit installed that calls {@code launcher guests}. */
  final void enableGuestsUnit() throws IOException {
    machine().enable("launcher-guests.service", "multi-user.target");
  }

  /** Adds to a unit. */
  final void dropIn(String unit, String text) throws IOException {
    write("/etc/systemd/system/" + unit + ".d/test.conf", text);
  }

  final void write(String file, String text) throws IOException {
    Path path = machine().path(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent(), file));
    Files.writeString(path, text);
  }

  /** Makes the files of a guest. */
  final CountingGuest guest(String name) throws IOException, InterruptedException {
    return guest(name, false, "");
  }

  final CountingGuest guest(String name, boolean deaf, String policy)
      throws IOException, InterruptedException {
    Path image = folder.resolve("counter.img");
    byte[] sector = Files.exists(image) ? Files.readAllBytes(image) : CountingGuest.sector(folder);
    String metadata =
        policy.isEmpty()
            ? ""
            : "<metadata><shutdown xmlns='urn:launcher:shutdown:1' " + policy + "</metadata>";
    CountingGuest guest =
        new CountingGuest(name, guests.size(), machine()).write(sector, deaf, metadata);
    guests.add(guest);
    return guest;
  }

  /** Defines and starts these guests and returns when each has counted. */
  final void start(List<CountingGuest> all) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("start"));
    for (CountingGuest guest : all) {
      machine().launcher("define", guest.xml());
      words.add(guest.name());
    }
    machine().launcher(words.toArray(String[]::new));
    for (CountingGuest guest : all) {
      guest.awaitCounting(0);
    }
  }

  /** What each guest has said until now. */
  static Map<CountingGuest, CountingGuest.Said> said(List<CountingGuest> all) throws IOException {
    Map<CountingGuest, CountingGuest.Said> said = new LinkedHashMap<>();
    for (CountingGuest guest : all) {
      said.put(guest, guest.said());
    }
    return said;
  }

  /** Every guest goes on where it was. */
  static void assertAllCountOnAfter(Map<CountingGuest, CountingGuest.Said> then)
      throws IOException {
    for (Map.Entry<CountingGuest, CountingGuest.Said> guest : then.entrySet()) {
      guest.getKey().assertCountsOnAfter(guest.getValue());
    }
  }

  /** These words come in the text in this order. */
  static void assertInOrder(String text, String... words) {
    int at = 0;
    for (String word : words) {
      int next = text.indexOf(word, at);
      assertTrue(next >= 0, "'" + word + "' comes, and in order, in:\n" + text);
      at = next + word.length();
    }
  }

  /** The process of a running guest, by its number in the machine. */
  final String pid(String guest) throws IOException, InterruptedException {
    String uuid = machine().launcher("domuuid", guest).strip();
    String run = machine().succeed("cat", "/run/launcher/runs/" + uuid + ".json");
    Matcher pid = PID.matcher(run);
    assertTrue(pid.find(), run);
    return pid.group(1);
  }

  /** The record has a line with this in it. */
  final void awaitRecord(String part) throws IOException {
    Path record = machine().path(RECORD);
    Commands.await(
        () -> Files.exists(record) && Files.readString(record).contains(part),
        () -> "the record never says '" + part + "': " + machine().console());
  }
}
