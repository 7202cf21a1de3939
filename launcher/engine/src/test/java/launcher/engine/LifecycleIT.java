package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of a guest that powers itself off, resets itself, panics or lets its watchdog bark,
 * by every policy, on a real QEMU.
 */
@SuppressWarnings("NullAway.Init") // the engine is opened before each test
final class LifecycleIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String UP = "LEVERS\r\n";
  private static final String XML =
      """
      <domain type='qemu'>
        <name>levers</name>
        <memory unit='MiB'>16</memory>
        <vcpu>1</vcpu>
        <os><type arch='x86_64' machine='pc'>hvm</type></os>
        <features><acpi/></features>
        POLICY
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='raw'/>
            <source file='DISK'/>
            <target dev='vda' bus='virtio'/>
          </disk>
          <controller type='usb' model='none'/>
          <serial type='pty'/>
          <memballoon model='none'/>
          DEVICES
        </devices>
      </domain>
      """;
  private static final String PANIC = "<panic model='isa'/>";

  @TempDir private Path root;
  private Path disk;
  private EngineOfTest engine;
  private final BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>();
  private final List<GuestEvent> seen = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    Path source = Path.of("src/test/resources/launcher/engine/levers.s").toAbsolutePath();
    disk = BootSector.disk(source, root);
    engine = new EngineOfTest(root);
    engine.engine().listen(events::add);
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private Guest started(String policy, String devices) {
    return engine.start(
        XML.replace("DISK", disk.toString()).replace("POLICY", policy).replace("DEVICES", devices));
  }

  private static void pull(Console console, String lever) throws IOException {
    console.input().write(lever.getBytes(StandardCharsets.US_ASCII));
  }

  /** Waits for an event whose kind and detail begin so. */
  private GuestEvent awaitEvent(String kind, String detail) throws InterruptedException {
    while (true) {
      GuestEvent event = events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
      assertTrue(event != null, "no '" + kind + " " + detail + "' after " + seen);
      seen.add(event);
      if (event.kind().equals(kind) && event.detail().startsWith(detail)) {
        return event;
      }
    }
  }

  @Test
  void powersOffAndIsGone() throws Exception {
    Guest guest = started("", "");
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, UP);
      pull(console, "o");
      assertTrue(guest.awaitEnd(LONG));
    }
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<on_poweroff>restart</on_poweroff>",
        "<on_poweroff>restart</on_poweroff><on_reboot>destroy</on_reboot>"
      })
  void powersOffAndBootsAnew(String policy) throws Exception {
    Guest guest = started(policy, "");
    int pid = guest.pid().orElseThrow();
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, UP);
      pull(console, "o");
      Terminals.readUntil(console, UP);
      pull(console, "o");
      Terminals.readUntil(console, UP);
    }
    assertEquals(pid, guest.pid().orElseThrow());
    guest.destroy(false);
    assertEquals(new GuestState(Phase.SHUT_OFF, "destroyed"), guest.state());
  }

  @Test
  void powersOffAndIsPreserved() throws Exception {
    Guest guest = started("<on_poweroff>preserve</on_poweroff>", "");
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, UP);
      pull(console, "o");
      awaitEvent("state", "paused (shut down)");
    }
    assertTrue(guest.state().active());
    guest.destroy(false);
    assertEquals(new GuestState(Phase.SHUT_OFF, "destroyed"), guest.state());
  }

  @Test
  void resetsItselfAndBootsAnew() throws Exception {
    Guest guest = started("", "");
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, UP);
      pull(console, "r");
      Terminals.readUntil(console, UP);
    }
    awaitEvent("reboot", "guest-reset");
    assertEquals(Phase.RUNNING, guest.state().phase());
  }

  @Test
  void resetsItselfAndIsGone() throws Exception {
    Guest guest = started("<on_reboot>destroy</on_reboot>", "");
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, UP);
      pull(console, "r");
      assertTrue(guest.awaitEnd(LONG));
    }
    assertEquals(new GuestState(Phase.SHUT_OFF, "shutdown"), guest.state());
  }

  @ParameterizedTest
  @CsvSource({"destroy,false", "coredump-destroy,true"})
  void panicsAndIsGone(String action, boolean dumps) throws Exception {
    Guest guest = started("<on_crash>" + action + "</on_crash>", PANIC);
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, UP);
      pull(console, "p");
      assertTrue(guest.awaitEnd(LONG));
    }
    assertEquals(new GuestState(Phase.CRASHED, "crashed"), guest.state());
    assertEquals(dumps, Files.exists(core()), "a core dump");
    guest.start(StartOptions.DEFAULT);
    assertEquals(new GuestState(Phase.RUNNING, "booted"), guest.state());
  }

  private Path core() {
    return root.resolve("log/levers.log.core");
  }

  @ParameterizedTest
  @CsvSource({"restart,false", "rename-restart,false", "coredump-restart,true"})
  void panicsAndBootsAnew(String action, boolean dumps) throws Exception {
    Guest guest = started("<on_crash>" + action + "</on_crash>", PANIC);
    int pid = guest.pid().orElseThrow();
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, UP);
      pull(console, "p");
      Terminals.readUntil(console, UP);
    }
    awaitEvent("state", "crashed (panicked)");
    awaitEvent("state", "running (booted)");
    assertEquals(pid, guest.pid().orElseThrow());
    assertEquals(dumps, Files.exists(core()), "a core dump");
    if (dumps) {
      byte[] magic = Files.newInputStream(core()).readNBytes(4);
      assertEquals("\u007fELF", new String(magic, StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void panicsAndIsPreserved() throws Exception {
    Guest guest = started("<on_crash>preserve</on_crash>", PANIC);
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, UP);
      pull(console, "p");
      awaitEvent("lifecycle", "Crashed Panicked");
    }
    assertEquals(new GuestState(Phase.CRASHED, "panicked"), guest.state());
    assertTrue(guest.state().active());
    engine.reopen();
    Guest found = engine.guests().get("levers");
    assertEquals(new GuestState(Phase.CRASHED, "panicked"), found.state());
    found.destroy(false);
    assertFalse(found.state().active());
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset", "pause", "none", "poweroff", "shutdown", "dump", "inject-nmi"})
  void theWatchdogBarks(String action) throws Exception {
    Guest guest = started("", "<watchdog model='ib700' action='" + action + "'/>");
    try (Console console = guest.console("", true)) {
      Terminals.readUntil(console, UP);
      pull(console, "w");
      switch (action) {
        case "reset" -> Terminals.readUntil(console, UP);
        case "pause" -> {
          awaitEvent("state", "paused (watchdog)");
          assertEquals(new GuestState(Phase.PAUSED, "watchdog"), guest.state());
        }
        case "poweroff" -> assertTrue(guest.awaitEnd(LONG));
        case "dump" -> {
          awaitEvent("core-dump", core().toString());
          pull(console, "x");
          Terminals.readUntil(console, "x");
        }
        default -> {
          awaitEvent("watchdog", action);
          assertTrue(guest.state().active());
        }
      }
    }
  }
}
