package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import launcher.drivers.plan.Step;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestState.Phase;
import launcher.engine.run.ProcessIdentity;
import launcher.spawn.CommandSpec;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real QEMU guests, from XML to their end. */
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class GuestLifeIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path root;
  private Path disk = Path.of("/");
  private Engine engine;
  private final BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>();

  @BeforeEach
  void openEngine() throws IOException {
    disk = BootSector.disk(root);
    engine = open();
  }

  private Engine open() {
    Engine opened = Engine.open(Folders.under(root), new RealSpawner(), TinyHypervisor::all);
    opened.listen(events::add);
    return opened;
  }

  @AfterEach
  void endGuests() {
    EngineOfTest.close(engine);
  }

  private Guest started(String name, String machine) throws IOException {
    Path own =
        Files.copy(
            disk, Files.createTempFile(root, "disk", ".img"), StandardCopyOption.REPLACE_EXISTING);
    Guest guest =
        engine
            .guests()
            .define(TinyHypervisor.xml(name, machine, own), DefineOptions.STRICT)
            .guest();
    guest.start(StartOptions.DEFAULT);
    return guest;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pc", "q35"})
  void bootsEchoesAndPowersOff(String machine) throws IOException {
    Guest guest = started("web1", machine);
    assertEquals(new GuestState(Phase.RUNNING, "booted"), guest.state());
    assertTimed(guest);
    try (Console first = guest.console("", true);
        Console second = guest.console("", true)) {
      Terminals.readUntil(first, "GUEST-UP");
      first.input().write("hello".getBytes(StandardCharsets.US_ASCII));
      Terminals.readUntil(first, "hello");
      Terminals.readUntil(second, "hello");
    }
    guest.shutdown(ShutdownOptions.within(LONG));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
    assertFalse(Files.exists(root.resolve("run/guests").resolve(guest.uuid())), "run folder stays");
    assertEquals(List.of(), files(root.resolve("run/runs")));
  }

  @Test
  void warmingUpLeavesNothingBehind() throws IOException {
    started("web1", "pc").destroy(false);
    List<String> before = everything();
    engine.warmUp();
    assertEquals(before, everything());
    assertEquals(1, engine.guests().list().size());
  }

  private List<String> everything() throws IOException {
    try (var files = Files.walk(root)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  private static void assertTimed(Guest guest) {
    List<String> steps = guest.startTimings().stream().map(StartTiming::step).toList();
    assertEquals("make the plan", steps.getFirst());
    assertEquals("record that it runs, and listen to it", steps.getLast());
    for (Step step : guest.plan().steps()) {
      assertTrue(steps.contains(step.words()), () -> "'" + step.words() + "' is not in " + steps);
    }
    assertTrue(guest.startTimings().stream().allMatch(timing -> timing.took().toNanos() > 0));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void anyNameIsAName() throws IOException {
    for (String name :
        List.of("() { :;}; echo vulnerable", "../../etc/passwd", "-rf", "a,b=c", "héé☃")) {
      Guest guest = started(name, "pc");
      assertTrue(guest.state().active(), name);
      guest.destroy(false);
      assertEquals(new GuestState(Phase.SHUT_OFF, "destroyed"), guest.state());
    }
    assertEquals(5, engine.guests().list().size());
    engine.close();
    engine = open();
    assertEquals(5, engine.guests().list().size());
    assertTrue(engine.guests().find("../../etc/passwd").isPresent());
  }

  @Test
  void pausesAndResumes() throws IOException {
    Guest guest = started("web1", "pc");
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, "GUEST-UP");
      guest.suspend();
      assertEquals(new GuestState(Phase.PAUSED, "user"), guest.state());
      guest.resume();
      assertEquals(Phase.RUNNING, guest.state().phase());
      guest.reset();
      Terminals.readUntil(console, "GUEST-UP");
    }
  }

  @Test
  void rebootComesUpAgain() throws IOException, InterruptedException {
    Guest guest = started("web1", "pc");
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, "GUEST-UP");
      guest.reboot(ShutdownMode.ACPI);
      Terminals.readUntil(console, "GUEST-POWEROFF");
      Terminals.readUntil(console, "GUEST-UP");
    }
    assertEquals(Phase.RUNNING, guest.state().phase());
  }

  private static int ticks(Console console) throws IOException {
    console.input().write('?');
    String answer = Terminals.readUntil(console, "\r\n");
    return Integer.parseInt(answer.strip().substring(answer.strip().length() - 4), 16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pc", "q35"})
  void aSavedGuestGoesOnWhereItWas(String machine) throws IOException {
    Guest guest = started("web1", machine);
    int before;
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, "GUEST-UP\r\n");
      before = ticks(console);
    }
    guest.managedSave(progress -> {});
    assertEquals(new GuestState(Phase.SHUT_OFF, "saved"), guest.state());
    assertTrue(guest.hasManagedSave());
    engine.close();
    engine = open();
    Guest again = engine.guests().get("web1");
    again.start(StartOptions.DEFAULT);
    assertFalse(again.hasManagedSave());
    try (Console console = again.console("", false)) {
      int after = ticks(console);
      assertTrue(after >= before && after < before + 18 * 60, before + " then " + after);
    }
  }

  @Test
  void aFailedSaveLeavesItRunning() throws IOException {
    Guest guest = started("web1", "pc");
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, "GUEST-UP\r\n");
    }
    assertThrows(EngineException.class, () -> guest.save(Path.of("/dev/null/x"), progress -> {}));
    assertThrows(EngineException.class, () -> guest.save(Path.of("/proc/1/x"), progress -> {}));
    assertEquals(Phase.RUNNING, guest.state().phase());
    try (Console console = guest.console("", false)) {
      ticks(console);
    }
  }

  @Test
  void aTransientGuestComesBackFromItsFile() throws IOException {
    Guest guest = started("web1", "pc");
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, "GUEST-UP\r\n");
    }
    Path file = root.resolve("web1.save");
    guest.save(file, progress -> {});
    guest.undefine(UndefineOptions.DEFINITION);
    Guest back =
        engine
            .guests()
            .restore(
                file,
                new RestoreOptions(false, Optional.of(false), Optional.empty()),
                progress -> {});
    assertFalse(back.persistent());
    assertEquals(Phase.PAUSED, back.state().phase());
    back.resume();
    try (Console console = back.console("", false)) {
      ticks(console);
    }
  }

  @Test
  void anotherEngineFindsWhatRuns() throws IOException {
    Guest guest = started("web1", "pc");
    int pid = guest.pid().orElseThrow();
    engine.close();
    engine = open();
    Guest found = engine.guests().get("web1");
    assertEquals(pid, found.pid().orElseThrow());
    assertEquals(new GuestState(Phase.RUNNING, "booted"), found.state());
    try (Console console = found.console("", true)) {
      Terminals.readUntil(console, "GUEST-UP");
    }
    found.shutdown(ShutdownOptions.within(LONG));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), found.state());
  }

  @Test
  void aSecondEngineIsRefused() {
    EngineException refused = assertThrows(EngineException.class, this::open);
    assertTrue(refused.getMessage().startsWith("another engine serves '"), refused.getMessage());
  }

  @Test
  void aKilledProcessLeavesNothing() throws Exception {
    Guest guest = started("web1", "pc");
    kill(guest, "KILL");
    assertTrue(guest.awaitEnd(LONG));
    assertEquals(new GuestState(Phase.CRASHED, "crashed"), guest.state());
    assertFalse(Files.exists(root.resolve("run/guests").resolve(guest.uuid())));
    guest.start(StartOptions.DEFAULT);
    assertEquals(Phase.RUNNING, guest.state().phase());
  }

  @Test
  void aStoppedProcessHurtsNobody() throws Exception {
    Guest sick = started("sick", "pc");
    Guest well = started("well", "pc");
    kill(sick, "STOP");
    awaitStopped(sick);
    assertFalse(sick.state().answering());
    assertTrue(well.state().answering());
    well.suspend();
    well.resume();
    engine.close();
    engine = open();
    assertFalse(engine.guests().get("sick").state().answering());
    assertTrue(engine.guests().get("well").state().answering());
    engine.guests().get("sick").destroy(false);
    assertEquals(new GuestState(Phase.SHUT_OFF, "destroyed"), engine.guests().get("sick").state());
  }

  // kill(2) returns before every thread has stopped, and nobody tells when they have
  private static void awaitStopped(Guest guest) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!ProcessIdentity.of(guest.pid().orElseThrow()).orElseThrow().stopped()) {
      assertTrue(System.nanoTime() < end, "it does not stop");
      Thread.onSpinWait();
    }
  }

  private static void kill(Guest guest, String signal) throws Exception {
    new RealSpawner()
        .run(
            CommandSpec.of("kill")
                .add("-" + signal, Integer.toString(guest.pid().orElseThrow()))
                .build())
        .orThrow();
  }

  @Test
  void whatQemuSaysIsInTheError() {
    Guest guest =
        engine
            .guests()
            .define(TinyHypervisor.xml("web1", "no-such-machine", disk), DefineOptions.STRICT)
            .guest();
    EngineException failed =
        assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT));
    assertEquals(Kind.FAILED, failed.kind());
    assertTrue(failed.getMessage().contains("unsupported machine type"), failed.getMessage());
    assertEquals(new GuestState(Phase.SHUT_OFF, "failed"), guest.state());
    assertFalse(Files.exists(root.resolve("run/guests").resolve(guest.uuid())));
  }

  @Test
  void aMissingDiskIsNamed() {
    Path missing = root.resolve("missing.img");
    Guest guest =
        engine
            .guests()
            .define(TinyHypervisor.xml("web1", "pc", missing), DefineOptions.STRICT)
            .guest();
    EngineException failed =
        assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT));
    assertEquals(
        "Failed at step 'find disk' of '"
            + missing
            + "' starting 'web1': '"
            + missing
            + "' does not exist",
        failed.getMessage());
  }

  @Test
  void renameKeepsTheUsersText() {
    String xml = TinyHypervisor.xml("web1", "pc", disk);
    Guest guest = engine.guests().define(xml, DefineOptions.STRICT).guest();
    guest.rename("web<2>");
    assertEquals(xml.replace("web1", "web&lt;2&gt;"), guest.xml(XmlView.AS_WRITTEN));
    engine.close();
    engine = open();
    assertEquals(List.of("web<2>"), engine.guests().list().stream().map(Guest::name).toList());
  }

  @Test
  void undefinedWhileRunningIsGoneAtItsEnd() throws IOException {
    Guest guest = started("web1", "pc");
    guest.undefine(UndefineOptions.DEFINITION);
    assertFalse(guest.persistent());
    guest.destroy(false);
    assertEquals(List.of(), engine.guests().list());
  }
}
