package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import launcher.drivers.plan.MonitorStep.Pin.Threads;
import launcher.drivers.qemu.block.IoThreads;
import launcher.engine.qemu.Processors;
import launcher.engine.run.DeviceMove;
import launcher.schemas.XmlElement;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine that is killed while a running guest is changed, between what QEMU is told and what is
 * written down: the next one shows what QEMU really has.
 */
@SuppressWarnings("NullAway.Init") // the guest is started before each test
final class KilledChangeIT {
  private static final String XML =
      """
      <domain type='qemu'>
        <name>changed</name>
        <memory unit='MiB'>16</memory>
        <vcpu current='1'>60</vcpu>
        <os><type arch='x86_64' machine='pc'>hvm</type></os>
        <features><acpi/></features>
        <devices>
          <disk type='file' device='disk'>
            <driver name='qemu' type='raw'/><source file='DISK'/><target dev='vda' bus='virtio'/>
          </disk>
          <disk type='file' device='cdrom'>
            <driver name='qemu' type='raw'/><source file='MEDIUM'/><target dev='hdc' bus='ide'/>
          </disk>
          <serial type='pty'/>
          <memballoon model='none'/>
        </devices>
      </domain>
      """;

  private static final Scope LIVE = new Scope(true, false);

  /**
   * At which rename(2) it dies: the medium's lease is written down, QEMU has the medium, the I/O
   * thread, the processor (of eleven; all of them were tried); at the last it does not come to.
   */
  private static final List<Integer> KILLS = List.of(2, 4, 7, 10, 12);

  @TempDir private Path root;
  private EngineOfTest engine;
  private Guest guest;

  @BeforeEach
  void start() throws IOException {
    for (String name : List.of("one.iso", "two.iso")) {
      Files.write(root.resolve(name), new byte[1 << 20]);
    }
    String disk = BootSector.disk(root).toString();
    engine = new EngineOfTest(root);
    guest =
        engine.start(
            XML.replace("DISK", disk).replace("MEDIUM", root.resolve("one.iso").toString()));
  }

  @AfterEach
  void end() {
    engine.close();
  }

  /** The other half: changes the guest, and may be killed on the way. */
  static final class Victim {
    private Victim() {}

    /** Takes the root folder, the medium and the number of the I/O thread and processor. */
    public static void main(String[] arguments) {
      try (Engine engine = Engine.open(Folders.under(Path.of(arguments[0])))) {
        Guest guest = engine.guests().get("changed");
        Path medium = Path.of(arguments[0], arguments[1]);
        int number = Integer.parseInt(arguments[2]);
        guest.changes().medium("hdc", Optional.of(medium), "raw", false, LIVE);
        guest.ioThreads().add(number, LIVE);
        BitSet processors = new BitSet();
        processors.set(number);
        guest.changes().processors(processors, true, LIVE);
      }
    }
  }

  /** Killed when it renames for the n-th time: whatever is written for good is renamed. */
  private Completed killed(int rename, String medium) {
    CommandSpec java =
        OtherJvm.command(Victim.class, root.toString(), medium, Integer.toString(rename));
    return new RealSpawner()
        .run(
            CommandSpec.of("strace")
                .add("-f", "-qq", "-o", "/dev/null", "-e", "trace=rename")
                .add("-e", "inject=rename:signal=SIGKILL:when=" + rename)
                .add(java.program().toString())
                .addAll(java.arguments().stream().map(argument -> argument.text()).toList())
                .environment(Environment.common())
                .capture()
                .build());
  }

  private Set<String> media() throws IOException {
    Set<String> open = new TreeSet<>();
    Path descriptors = Path.of("/proc/" + guest.pid().orElseThrow() + "/fd");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
      for (Path one : all) {
        String file = String.valueOf(Files.readSymbolicLink(one).getFileName());
        if (file.endsWith(".iso")) {
          open.add(file);
        }
      }
    }
    return open;
  }

  private static String medium(XmlElement live) {
    return live.childOrAdd("devices").children("disk").stream()
        .filter(disk -> disk.is("device", "cdrom"))
        .map(disk -> disk.value("source/@file", "").replaceFirst(".*/", ""))
        .findFirst()
        .orElseThrow();
  }

  private void assertTruth(String when) throws IOException {
    XmlElement live = guest.tree(XmlView.LIVE);
    assertEquals(List.of(), guest.life().running().record().moves(), when);
    assertEquals(Set.of(medium(live)), media(), when);
    assertEquals(
        live.value("vcpu/@current", ""),
        Integer.toString(new Processors("changed", guest.qemu()).present().size()),
        when);
    assertEquals(IoThreads.of(live), Set.copyOf(guest.ioThreads().running().keySet()), when);
  }

  @Test
  void whatQemuHasIsShownWhereverTheEngineDied() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace");
    for (int kill : KILLS) {
      engine.engine().close();
      String other = medium(guest.tree(XmlView.LIVE)).equals("one.iso") ? "two.iso" : "one.iso";
      Completed ended = killed(kill, other);
      engine.reopen();
      guest = engine.guests().get("changed");
      assertTruth("killed at rename " + kill + ": " + ended.error().text());
      assertEquals(kill == KILLS.getLast(), ended.status().success(), "at " + kill);
    }
  }

  @Test
  void aMediumThatIsInIsKnownAndOneThatIsNotIsTakenBack() throws IOException {
    String alias =
        guest
            .tree(XmlView.LIVE)
            .childOrAdd("devices")
            .children("disk")
            .getLast()
            .value("alias/@name", "");
    String one = guest.xml(XmlView.LIVE);
    guest.changes().medium("hdc", Optional.of(root.resolve("two.iso")), "raw", false, LIVE);
    String two = guest.xml(XmlView.LIVE);
    assertEquals(Set.of("two.iso"), media());
    guest = engine.cutOff(guest, one, new DeviceMove.Medium(alias, two));
    assertEquals("two.iso", medium(guest.tree(XmlView.LIVE)));
    guest = engine.cutOff(guest, two, new DeviceMove.Medium(alias, one));
    assertEquals("two.iso", medium(guest.tree(XmlView.LIVE)));
    guest.changes().medium("hdc", Optional.empty(), "raw", true, LIVE);
    String none = guest.xml(XmlView.LIVE);
    assertEquals(Set.of(), media());
    guest = engine.cutOff(guest, two, new DeviceMove.Medium(alias, one));
    assertEquals("", medium(guest.tree(XmlView.LIVE)), "neither of them is in");
    guest = engine.cutOff(guest, two, new DeviceMove.Medium(alias, none));
    assertEquals("", medium(guest.tree(XmlView.LIVE)));
    guest.changes().medium("hdc", Optional.of(root.resolve("one.iso")), "raw", false, LIVE);
    assertEquals(Set.of("one.iso"), media());
  }

  @Test
  void pinsAreMadeAsTheLiveDefinitionSays() throws IOException {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "needs two processors");
    Threads vcpu = Threads.PROCESSOR;
    guest.threads().pin(vcpu, 0, "0", LIVE);
    String pinned = guest.xml(XmlView.LIVE);
    guest.threads().pin(vcpu, 0, "1", LIVE);
    guest = engine.cutOff(guest, pinned, new DeviceMove.Asked("pins", DeviceMove.Subject.PINS, ""));
    assertEquals("0", guest.threads().pins(vcpu, true).get(0L));
  }
}
