package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import launcher.engine.GuestState.Phase;
import launcher.engine.host.ControlGroups;
import launcher.engine.host.InitProcess;
import launcher.engine.host.ProcessDescriptor;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real containers, from XML to their end. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class ContainerLifeIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int KILL = 9;

  @TempDir private Path folder;
  private Path root = Path.of("/");
  private Engine engine;
  private final BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>();

  @BeforeEach
  void openEngine() throws IOException {
    BusyboxRoot.assumePossible();
    root = BusyboxRoot.make(folder);
    engine = open();
  }

  private Engine open() {
    Engine opened = Engine.open(Folders.under(folder.resolve("l")), new RealSpawner());
    opened.listen(events::add);
    return opened;
  }

  @AfterEach
  void endContainers() {
    EngineOfTest.close(engine);
  }

  private Guest define(String name, String more, String devices) {
    return engine
        .guests()
        .define(BusyboxRoot.xml(unique(name), root, more, devices), DefineOptions.STRICT)
        .guest();
  }

  /** Control groups are the host's: another run of this test must not be met. */
  private static String unique(String name) {
    return name + "-" + ProcessHandle.current().pid();
  }

  private Guest started(String name, String more, String devices) {
    Guest guest = define(name, more, devices);
    guest.start(StartOptions.DEFAULT);
    return guest;
  }

  private static int init(Guest guest) {
    return InitProcess.of(guest.pid().orElseThrow()).orElseThrow();
  }

  private static String group(Guest guest) {
    return "machine/launcher-lxc-" + guest.name();
  }

  private static void assertNothingLeft(Guest guest) throws IOException {
    assertEquals(List.of(), ControlGroups.processes(group(guest)));
    assertEquals(List.of(), ControlGroups.folders(group(guest)));
  }

  private static void kill(int pid) throws IOException {
    try (ProcessDescriptor process = ProcessDescriptor.of(pid)) {
      process.signal(KILL);
    }
  }

  private static String inside(Guest guest, String... words) {
    CommandSpec command =
        CommandSpec.of("nsenter")
            .add("--target=" + init(guest), "--mount", "--net", "--pid", "--uts", "--root", "--")
            .addAll(List.of(words))
            .environment(Environment.empty().with("PATH", "/bin"))
            .capture()
            .build();
    return new RealSpawner().run(command).orThrow().text();
  }

  @Test
  void aSignalReachesAnyOfItsProcessesAndNoOther() throws IOException {
    Guest guest = started("signals", "", "");
    String sleeper = "sleep 1000 > /dev/null 2>&1 & echo $!";
    long number = Long.parseLong(inside(guest, "sh", "-c", sleeper).strip());
    String there = "kill -0 " + number + " 2> /dev/null && echo there; true";
    assertEquals("there\n", inside(guest, "sh", "-c", there));
    guest.signal(number, 15);
    long end = System.nanoTime() + LONG.toNanos();
    while (!inside(guest, "sh", "-c", there).isEmpty()) {
      assertTrue(System.nanoTime() < end, "it takes no signal");
    }
    long own = ProcessHandle.current().pid();
    EngineException missing =
        assertThrows(EngineException.class, () -> guest.signal(own + 1_000_000, 15));
    assertEquals(EngineException.Kind.NOT_FOUND, missing.kind());
    assertTrue(guest.state().active());
  }

  @Test
  void startsEchoesAndShutsDown() throws IOException {
    Guest guest = started("echo", "<os><initarg>a b</initarg></os>", "");
    assertEquals(new GuestState(Phase.RUNNING, "booted"), guest.state());
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, "CONTAINER-UP a b");
      console.input().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      Terminals.readUntil(console, "HEARD hello");
    }
    guest.shutdown(ShutdownOptions.within(LONG));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
    assertNothingLeft(guest);
    assertFalse(Files.exists(folder.resolve("l/run/guests").resolve(guest.uuid())));
  }

  @Test
  void limitsReallyStandInTheControlGroup() throws IOException {
    Guest guest = started("limits", "<cputune><shares>512</shares></cputune>", "");
    Path memory = ControlGroups.of(init(guest), "memory").orElseThrow();
    assertEquals("67108864", Files.readString(memory.resolve("memory.limit_in_bytes")).strip());
    Path cpu = ControlGroups.of(init(guest), "cpu").orElseThrow();
    assertEquals("512", Files.readString(cpu.resolve("cpu.shares")).strip());
    Path devices = ControlGroups.of(init(guest), "devices").orElseThrow();
    assertTrue(Files.readString(devices.resolve("devices.list")).contains("c 1:3 rwm"));
    String status = Files.readString(Path.of("/proc/" + init(guest) + "/status"));
    long bounding = Long.parseUnsignedLong(status.split("CapBnd:\\s+")[1].split("\\s")[0], 16);
    assertEquals(0, bounding & (1 << 16), "CAP_SYS_MODULE is bit 16");
  }

  @Test
  void freezesAndThaws() {
    Guest guest = started("freeze", "", "");
    guest.suspend();
    assertEquals(new GuestState(Phase.PAUSED, "user"), guest.state());
    assertThrows(EngineException.class, () -> guest.shutdown(ShutdownOptions.ASK));
    guest.resume();
    assertEquals(Phase.RUNNING, guest.state().phase());
    guest.suspend();
    guest.destroy(false);
    assertEquals(new GuestState(Phase.SHUT_OFF, "destroyed"), guest.state());
  }

  @Test
  void reboots() throws IOException, InterruptedException {
    Guest guest = started("reboot", "", "");
    int monitor = guest.pid().orElseThrow();
    int before = init(guest);
    guest.reboot(ShutdownMode.ANY);
    await("reboot");
    assertEquals(monitor, guest.pid().orElseThrow());
    assertTrue(before != init(guest), "the first process is the same");
    guest.shutdown(ShutdownOptions.within(LONG));
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
    assertNothingLeft(guest);
  }

  private void await(String kind) throws InterruptedException {
    GuestEvent event = events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    while (event != null && !event.kind().equals(kind)) {
      event = events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    }
    assertTrue(event != null, "no event '" + kind + "'");
  }

  @Test
  void leavesNothingWhenTheMonitorIsKilled() throws IOException {
    String link = "<interface type='ethernet'><target dev='lxkill0'/></interface>";
    Guest guest = started("kill", "", link);
    assertTrue(Files.exists(Path.of("/sys/class/net/lxkill0")));
    int init = init(guest);
    kill(guest.pid().orElseThrow());
    assertTrue(guest.awaitEnd(LONG));
    assertEquals(new GuestState(Phase.CRASHED, "crashed"), guest.state());
    assertFalse(Files.exists(Path.of("/proc/" + init + "/root/bin")), "init lives on");
    assertFalse(Files.exists(Path.of("/sys/class/net/lxkill0")), "the link is left");
    assertNothingLeft(guest);
  }

  @Test
  void endsWhenInitIsKilled() throws IOException {
    Guest guest = started("killinit", "", "");
    kill(init(guest));
    assertTrue(guest.awaitEnd(LONG));
    assertEquals(Phase.CRASHED, guest.state().phase());
    assertNothingLeft(guest);
  }

  @Test
  void aNewEngineFindsWhatRunsAndTidiesUpWhatEnded() throws IOException {
    Guest lives = started("lives", "", "");
    Guest dies = started("dies", "", "");
    int monitor = lives.pid().orElseThrow();
    int victim = dies.pid().orElseThrow();
    engine.close();
    try (ProcessDescriptor process = ProcessDescriptor.of(victim)) {
      process.signal(KILL);
      process.await(LONG);
    }
    engine = open();
    Guest found = engine.guests().get(lives.name());
    assertEquals(monitor, found.pid().orElseThrow());
    assertEquals(Phase.RUNNING, found.state().phase());
    assertFalse(engine.guests().get(dies.name()).state().active());
    assertNothingLeft(dies);
    try (Console console = found.console("", false)) {
      console.input().write("again\n".getBytes(StandardCharsets.US_ASCII));
      Terminals.readUntil(console, "HEARD again");
    }
    found.shutdown(ShutdownOptions.within(LONG));
    assertNothingLeft(found);
  }

  @Test
  void configuresLinksInsideAndOutside() {
    Guest guest =
        started(
            "links",
            "",
            "<interface type='ethernet'><source><ip address='10.77.0.1' prefix='24'/></source>"
                + "<target dev='lxlink0'/><guest dev='red'/><ip address='10.77.0.2' prefix='24'/>"
                + "<route address='0.0.0.0' gateway='10.77.0.1'/>"
                + "<route address='10.78.0.0' prefix='16' gateway='10.77.0.9'/></interface>");
    String routes = inside(guest, "ip", "route");
    assertTrue(routes.contains("default via 10.77.0.1 dev red"), routes);
    assertTrue(routes.contains("10.78.0.0/16 via 10.77.0.9 dev red"), routes);
    assertTrue(inside(guest, "ip", "addr").contains("10.77.0.2/24 brd 10.77.0.255"));
  }

  @Test
  void mountsWhatItIsGiven() throws IOException {
    Path shared = Files.createDirectories(folder.resolve("shared folder"));
    Files.writeString(shared.resolve("hello"), "from the host");
    Guest guest =
        started(
            "mounts",
            "",
            "<filesystem type='mount'><source dir='"
                + shared
                + "'/><target dir='/mnt/a b'/><readonly/></filesystem>"
                + "<filesystem type='ram'><source usage='4' units='MiB'/><target dir='/run'/>"
                + "</filesystem>");
    assertEquals("from the host", inside(guest, "cat", "/mnt/a b/hello"));
    String mounts = inside(guest, "cat", "/proc/mounts");
    assertTrue(mounts.contains("size=4096k"), mounts);
    assertTrue(mounts.contains("/mnt/a\\040b ext4 ro") || mounts.contains("/mnt/a\\040b"), mounts);
  }

  @Test
  void saysWhyItDoesNotStart() throws IOException {
    Guest guest = define("bad", "<os><init>/no/such</init></os>", "");
    EngineException refused =
        assertThrows(EngineException.class, () -> guest.start(StartOptions.DEFAULT));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("Failed at step 'await init' of '/no/such' starting"), message);
    assertTrue(message.contains("No such file or directory"), message);
    assertNothingLeft(guest);
  }

  @Test
  void runsTwentyAtOnce() {
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      guests.add(started("many" + i, "", ""));
    }
    guests.forEach(guest -> assertEquals(Phase.RUNNING, guest.state().phase()));
    guests.forEach(guest -> guest.shutdown(ShutdownOptions.within(LONG)));
    guests.forEach(guest -> assertEquals(Phase.SHUT_OFF, guest.state().phase()));
  }
}
