package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import launcher.engine.GuestState.Phase;
import launcher.engine.openvz.OpenVzHypervisor;
import launcher.engine.openvz.OpenVzTools;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers of OpenVZ behind the engine's verbs, with a stand-in for OpenVZ's own programs. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway.Init") // opened before each test
final class OpenVzIT {
  private static final String XML =
      """
      <domain type='openvz'>
        <name>101</name>
        <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
        <memory unit='MiB'>256</memory>
        <vcpu>2</vcpu>
        <devices>
          <filesystem type='template'>
            <source name='debian-12-x86_64'/><target dir='/'/>
            <space_hard_limit unit='KiB'>2000</space_hard_limit>
          </filesystem>
          <interface type='bridge'>
            <source bridge='vmbr0'/><mac address='00:18:51:c1:05:ee'/>
          </interface>
          <interface type='ethernet'><ip address='10.0.0.7'/></interface>
        </devices>
      </domain>
      """;

  @TempDir private Path folder;
  private Path vz = Path.of("/");
  private Engine engine;
  private final BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() throws IOException {
    vz = folder.resolve("vz");
    StandInVzctl.install(vz);
    engine = engine();
    engine.listen(events::add);
  }

  private Engine engine() {
    return Engine.open(
        Folders.under(folder.resolve("l")),
        new RealSpawner(),
        (folders, facts, spawner, networks) ->
            List.of(
                new OpenVzHypervisor(
                    folders,
                    facts,
                    new OpenVzTools(spawner, vz.resolve("conf"), Optional.of(vz)))));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private Guest defined() {
    return engine.guests().define(XML, DefineOptions.STRICT).guest();
  }

  private String configuration() throws IOException {
    return Files.readString(vz.resolve("conf/101.conf"));
  }

  private List<String> acts() throws IOException {
    try (Stream<String> calls = StandInVzctl.calls(vz).stream()) {
      return calls.filter(call -> call.startsWith("vzctl")).toList();
    }
  }

  @Test
  void definesStartsFreezesRestartsStopsAndRemoves() throws IOException {
    Guest guest = defined();
    assertTrue(configuration().contains("OSTEMPLATE=\"debian-12-x86_64\""), configuration());
    assertTrue(configuration().contains("PRIVVMPAGES=\"65536:65536\""), configuration());
    assertTrue(configuration().contains("DISKSPACE=\"2000:2000\""), configuration());
    assertTrue(configuration().contains("#UUID: " + guest.uuid()), configuration());
    assertEquals(Phase.SHUT_OFF, guest.state().phase());
    guest.start(StartOptions.DEFAULT);
    assertEquals(Phase.RUNNING, guest.state().phase());
    assertTrue(guest.id().isPresent());
    guest.suspend();
    assertEquals(Phase.PAUSED, guest.state().phase());
    engine.close();
    engine = engine();
    Guest found = engine.guests().get("101");
    assertEquals(Phase.PAUSED, found.state().phase(), "another engine sees it frozen too");
    found.resume();
    found.reboot(ShutdownMode.ANY);
    assertEquals(Phase.RUNNING, found.state().phase());
    EngineException refused =
        assertThrows(EngineException.class, () -> found.undefine(UndefineOptions.DEFINITION));
    assertTrue(String.valueOf(refused.getMessage()).contains("is running"), refused::getMessage);
    found.shutdown(ShutdownOptions.within(Duration.ofSeconds(60)));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), found.state());
    found.start(StartOptions.DEFAULT);
    found.destroy(false);
    assertEquals(new GuestState(Phase.SHUT_OFF, "destroyed"), found.state());
    found.undefine(UndefineOptions.DEFINITION);
    assertFalse(Files.exists(vz.resolve("conf/101.conf")), "undefine has removed nothing");
    assertEquals(List.of(), engine.guests().list());
    assertEquals(
        List.of(
            "vzctl --quiet start 101",
            "vzctl --quiet chkpnt 101 --suspend",
            "vzctl --quiet chkpnt 101 --resume",
            "vzctl --quiet restart 101",
            "vzctl --quiet stop 101",
            "vzctl --quiet start 101",
            "vzctl --quiet stop 101 --fast",
            "vzctl --quiet destroy 101"),
        acts().stream()
            .filter(call -> !call.contains(" set ") && !call.contains(" create "))
            .toList());
  }

  @Test
  void changesMemoryProcessorsAndAutostartWhileItRuns() throws IOException {
    Guest guest = defined();
    guest.start(StartOptions.DEFAULT);
    guest.autostart(true);
    assertTrue(guest.autostart());
    assertTrue(configuration().contains("ONBOOT=\"yes\""), configuration());
    guest.changes().memory(131_072, Scope.current(guest));
    assertTrue(configuration().contains("PRIVVMPAGES=\"32768:65536\""), configuration());
    String moved = guest.xml(XmlView.AS_WRITTEN).replace("10.0.0.7", "10.0.0.9");
    engine.guests().define(moved.replace("<vcpu>2</vcpu>", "<vcpu>3</vcpu>"), DefineOptions.STRICT);
    assertTrue(configuration().contains("IP_ADDRESS=\"10.0.0.9\""), configuration());
    assertTrue(configuration().contains("CPUS=\"3\""), configuration());
    assertThrows(EngineException.class, () -> guest.rename("102"));
    assertThrows(EngineException.class, () -> guest.console("", false));
    assertThrows(EngineException.class, () -> guest.save(folder.resolve("saved"), progress -> {}));
    guest.destroy(false);
  }

  @Test
  void findsContainersThatOthersMadeAndSeesWhatOthersDo() throws Exception {
    Files.writeString(
        vz.resolve("conf/7.conf"),
        "OSTEMPLATE=\"t\"\nPRIVVMPAGES=\"1000:2000\"\nIP_ADDRESS=\"10.0.0.5\"\n");
    Files.writeString(vz.resolve("conf/0.conf"), "ONBOOT=\"no\"\n");
    engine.close();
    engine = engine();
    Guest guest = engine.guests().get("7");
    assertEquals("8000", guest.tree(XmlView.INACTIVE).value("memory", ""));
    assertEquals(Phase.SHUT_OFF, guest.state().phase());
    assertEquals(1, engine.guests().list().size());
    String uuid = guest.uuid();
    Files.writeString(vz.resolve("state.7"), "running");
    await(() -> guest.state().phase() == Phase.RUNNING);
    assertEquals(uuid, guest.uuid());
    Files.writeString(vz.resolve("state.7"), "stopped");
    await(() -> guest.state().phase() == Phase.SHUT_OFF);
    Files.writeString(vz.resolve("conf/8.conf"), "OSTEMPLATE=\"t\"\n");
    await(() -> engine.guests().find("8").isPresent());
    Files.delete(vz.resolve("conf/8.conf"));
    await(() -> engine.guests().find("8").isEmpty());
  }

  /** What it asks for is asked of the engine, whose events tell when to ask again. */
  private void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "it was not seen within 60 s");
      // also without an event: one may have come before the condition was true
      var _ = events.poll(1, TimeUnit.SECONDS);
    }
  }

  @Test
  void failuresSayVzctlsWordsAndLeaveNothing() throws IOException {
    EngineException refused =
        assertThrows(
            EngineException.class,
            () ->
                engine
                    .guests()
                    .define(XML.replace("debian-12-x86_64", "missing"), DefineOptions.STRICT));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("missing.tar.gz not found"),
        refused::getMessage);
    assertEquals(List.of(), engine.guests().list());
    assertFalse(Files.exists(vz.resolve("conf/101.conf")));
    Guest guest = defined();
    Files.writeString(vz.resolve("state.101"), "mounted");
    EngineException failed =
        assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT));
    assertTrue(
        String.valueOf(failed.getMessage()).contains("container 101 is mounted"),
        failed::getMessage);
    assertEquals(Phase.SHUT_OFF, guest.state().phase());
  }

  @Test
  void hostileNamesAndValuesReachNoProgram() throws IOException {
    for (String hostile :
        List.of("1;reboot", "$(reboot)", "../101", "-101", "() { :;}; echo vulnerable", "0")) {
      assertThrows(
          EngineException.class,
          () ->
              engine
                  .guests()
                  .define(
                      XML.replace("<name>101</name>", "<name>" + hostile + "</name>"),
                      DefineOptions.STRICT));
      assertThrows(
          EngineException.class,
          () ->
              engine
                  .guests()
                  .define(
                      XML.replace("vmbr0", hostile.equals("0") ? "a,b" : hostile),
                      DefineOptions.STRICT),
          hostile);
      assertThrows(
          EngineException.class,
          () ->
              engine
                  .guests()
                  .define(
                      XML.replace("debian-12-x86_64", hostile.equals("0") ? "a\"b" : hostile),
                      DefineOptions.STRICT));
    }
    assertEquals(List.of(), acts());
  }
}
