package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import launcher.spawn.libc.Calls;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every step's refusal names the step, and leaves no zombie, no descriptor and no pid file. */
class FailureTest {
  private final RealSpawner spawner = new RealSpawner();
  @TempDir Path folder;

  private record Case(String message, CommandBuilder command, Confinement confinement) {}

  private static Case failing(String message, CommandBuilder command) {
    return new Case(message, command, Confinement.NONE);
  }

  private static Case failing(String message, Confinement confinement) {
    return new Case(message, ProcFacts.sleeper(), confinement);
  }

  /**
   * Root without a capability: every step that needs one is refused, and root's own files can still
   * be read.
   */
  private static final Confinement POWERLESS =
      Confinement.NONE.withCapabilities(CapabilitySets.keep(Set.of(Capability.CHOWN)));

  private List<Case> cases() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no program");
    Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return List.of(
        failing(
            "'open file' of '/no/file' starting '/bin/busybox': No such file or directory",
            ProcFacts.sleeper()
                .descriptor(
                    5, new Descriptor.OpenFile(Path.of("/no/file"), Descriptor.Access.READ))),
        failing(
            "'bind descriptors' of 'descriptor 3999' starting '/bin/busybox': It is not open",
            ProcFacts.sleeper().descriptor(6, new Descriptor.Existing(3999))),
        failing(
            "'change directory' of '/no/folder' starting '/bin/busybox': No such file or directory",
            ProcFacts.sleeper().workingDirectory(Path.of("/no/folder"))),
        failing(
            "'join cgroup' of '/no/group' starting '/bin/busybox': No such file or directory",
            ProcFacts.sleeper().cgroup(Path.of("/no/group"))),
        failing(
            "'pid file' of '/no/folder/pid' starting '/bin/busybox': No such file or directory",
            ProcFacts.sleeper().pidFile(Path.of("/no/folder/pid"))),
        failing(
            "'lease' of '/no/folder/lease' starting '/bin/busybox': No such file or directory",
            ProcFacts.sleeper().lease(new LeaseFile(Path.of("/no/folder/lease"), false, "me"))),
        failing(
            "'landlock' of '/no/path' starting '/bin/busybox': No such file or directory",
            Confinement.NONE
                .withNoNewPrivileges(true)
                .withLandlock(
                    List.of(new LandlockRule(Path.of("/no/path"), LandlockRule.Access.READ)))),
        failing(
            "'set processors' of '[1023]' starting '/bin/busybox': Invalid argument",
            ProcFacts.sleeper().scheduling(Scheduling.UNCHANGED.withProcessors(Set.of(1023)))),
        failing("'execute' starting '" + text + "': Exec format error", CommandSpec.of(text)),
        failing("'execute' starting '" + folder + "': Permission denied", CommandSpec.of(folder)),
        failing(
            "'execute' starting '"
                + script
                + "': Its interpreter or loader is missing, see the first line of the file or ldd",
            CommandSpec.of(script)));
  }

  @TestFactory
  Stream<DynamicTest> stepsThatAnybodyCanFail() throws Exception {
    return cases().stream()
        .map(one -> DynamicTest.dynamicTest(one.message(), () -> assertFails(spawner, one)));
  }

  private void assertFails(Spawner asked, Case one) throws Exception {
    Set<Integer> before = new TreeSet<>(new ProcFacts(ProcessIds.own()).descriptors().keySet());
    List<String> children = ProcFacts.ownChildren();
    Path pidFile = folder.resolve("failing.pid");
    CommandBuilder command = one.command().confinement(one.confinement()).capture();
    CommandSpec spec = command.build();
    if (spec.pidFile() == null) {
      spec = command.pidFile(pidFile).build();
    }
    CommandSpec finalSpec = spec;
    assertEquals(
        "Failed at step " + one.message(),
        assertThrows(SpawnException.class, () -> asked.run(finalSpec)).getMessage());
    assertFalse(Files.exists(pidFile), "pid file left");
    assertEquals(before, new ProcFacts(ProcessIds.own()).descriptors().keySet(), "descriptors");
    assertEquals(children, ProcFacts.ownChildren(), "children");
  }

  /** A JVM without a capability asks for what only root may. */
  @Test
  void stepsThatNeedPrivileges() {
    ProcFacts.assumeRoot();
    CommandSpec jvm =
        OtherJvm.command(Powerless.class).confinement(POWERLESS).umask(0).capture().build();
    Completed completed = spawner.run(jvm, Duration.ofMinutes(2));
    assertEquals(
        """
        'set out-of-memory score' of '-1': Permission denied
        'set scheduling' of 'fifo': Operation not permitted
        'set nice' of '-20': Permission denied
        'set limit' of 'nofile': Operation not permitted
        'landlock': Operation not permitted
        'drop bounding capabilities': Operation not permitted
        'set groups': Operation not permitted
        'set label' of 'no_such_profile': No such file or directory
        """,
        completed.text(),
        completed.error().text());
  }

  /** What {@link #stepsThatNeedPrivileges} runs without a capability. */
  static final class Powerless {
    private Powerless() {}

    public static void main(String[] arguments) {
      Scheduling scheduling = Scheduling.UNCHANGED;
      say(sleep().scheduling(scheduling.withOutOfMemoryScore(-1)));
      say(sleep().scheduling(scheduling.withPolicy(Scheduling.Policy.FIFO, 1)));
      say(sleep().scheduling(scheduling.withNice(-20)));
      Confinement none = Confinement.NONE;
      say(
          sleep()
              .confinement(none.withLimits(List.of(new ResourceLimit(Resource.NOFILE, 1 << 30)))));
      say(sleep().confinement(none.withLandlock(List.of())));
      say(sleep().confinement(none.withCapabilities(CapabilitySets.none())));
      say(sleep().confinement(none.withIdentity(new Identity(1, 1))));
      say(sleep().confinement(none.withLabel(new ExecLabel.Apparmor("no_such_profile"))));
    }

    private static CommandBuilder sleep() {
      return CommandSpec.of("/bin/busybox").add("sleep", "600");
    }

    private static void say(CommandBuilder command) {
      try {
        new RealSpawner().start(command.build()).stop(Duration.ZERO);
        System.out.println("started");
      } catch (SpawnException refused) {
        String words =
            refused
                .getMessage()
                .replace("Failed at step ", "")
                .replace(" starting '/bin/busybox'", "");
        System.out.println(words);
      }
    }
  }

  @Test
  void aMissingExecutorIsNamed() {
    SpawnException missing =
        assertThrows(
            SpawnException.class,
            () -> new RealSpawner(folder.resolve("executor"), Duration.ofSeconds(1)));
    assertTrue(
        missing.getMessage().startsWith("Failed at step 'find executor' starting '"),
        missing.getMessage());
  }

  @Test
  void anExecutorThatOthersMayWriteIsRefused() throws Exception {
    Path copy =
        Files.copy(Path.of(System.getProperty(ExecutorFile.PROPERTY)), folder.resolve("executor"));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxrwxr-x"));
    SpawnException refused =
        assertThrows(SpawnException.class, () -> new RealSpawner(copy, Duration.ofSeconds(1)));
    assertEquals(
        "Failed at step 'find executor' starting '"
            + copy
            + "': '"
            + copy
            + "' can be written by others, mode 0775",
        refused.getMessage());
  }

  @Test
  void anExecutorInAFolderOfAnybodyIsRefused() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    Path copy =
        Files.copy(Path.of(System.getProperty(ExecutorFile.PROPERTY)), open.resolve("executor"));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThrows(SpawnException.class, () -> new RealSpawner(copy, Duration.ofSeconds(1)));
  }

  @Test
  void anExecutorThatIsNoProgramIsNamed() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no program");
    Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertFails(
        new RealSpawner(text, Duration.ofSeconds(1)),
        failing(
            "'create process' starting '/bin/busybox': Exec format error", ProcFacts.sleeper()));
  }

  @Test
  void aFifoThatNobodyWritesEndsAtTheDeadline() throws Exception {
    ProcFacts.assumeProgram("/usr/bin/mkfifo");
    Path fifo = folder.resolve("fifo");
    spawner.run(CommandSpec.of("/usr/bin/mkfifo").add(fifo.toString()).build()).orThrow();
    Spawner hasty =
        new RealSpawner(Path.of(System.getProperty(ExecutorFile.PROPERTY)), Duration.ofMillis(200));
    Case late =
        failing(
            "'await handshake' starting '/bin/busybox': No answer within 200 ms",
            ProcFacts.sleeper()
                .descriptor(5, new Descriptor.OpenFile(fifo, Descriptor.Access.READ)));
    assertFails(hasty, late);
  }

  @Test
  void aHugeCommandWhoseExecutorDiesIsNoHang() {
    List<String> words = Collections.nCopies(10000, "x".repeat(1000));
    CommandSpec command = ProcFacts.sleeper().addAll(words).build();
    SpawnException refused = assertThrows(SpawnException.class, () -> spawner.run(command));
    assertEquals(SpawnStep.EXECUTE, refused.step());
    assertEquals(7, refused.errno(), "E2BIG");
  }

  @Test
  void opensAFileAsSomebodyElse() throws Exception {
    ProcFacts.assumeRoot();
    Identity nobody = new Identity(65534, 65534);
    Path mine = Files.writeString(folder.resolve("mine"), "secret");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rw-------"));
    Descriptor.OpenFile file = new Descriptor.OpenFile(mine, Descriptor.Access.READ);
    assertEquals(
        "Failed at step 'open file' opening '" + mine + "' as user 65534: Permission denied",
        assertThrows(SpawnException.class, () -> spawner.openAs(file, nobody)).getMessage());
    Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rw-r--r--"));
    int descriptor = spawner.openAs(file, nobody);
    byte[] read = new byte[10];
    assertEquals(6, Calls.read(descriptor, read, 10));
    Calls.close(descriptor);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path theirs = folder.resolve("theirs");
    Calls.close(
        spawner.openAs(
            new Descriptor.OpenFile(theirs, Descriptor.Access.WRITE, true, false, 0600), nobody));
    assertEquals(65534, Files.getAttribute(theirs, "unix:uid"));
  }
}
