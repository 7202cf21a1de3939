package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Native;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorTest {
  private static final int F_DUPFD = 0;
  private final RealSpawner spawner = new RealSpawner();
  @TempDir Path folder;

  private Map<Integer, String> table(CommandBuilder command) throws IOException {
    try (Child child = spawner.start(command.build())) {
      Map<Integer, String> found = new ProcFacts(child.pid()).descriptors();
      child.signal(Signal.KILL);
      child.await();
      return found;
    }
  }

  private static CommandBuilder sleeper() {
    return ProcFacts.sleeper();
  }

  private Path file(String name) throws IOException {
    return Files.writeString(folder.resolve(name), name);
  }

  private static Descriptor reading(Path path) {
    return new Descriptor.OpenFile(path, Descriptor.Access.READ);
  }

  @Test
  void onlyNullUnlessAsked() throws Exception {
    assertEquals(Map.of(0, "/dev/null", 1, "/dev/null", 2, "/dev/null"), table(sleeper()));
  }

  @Test
  void filesArriveAtTheirNumbersWithGapsClosed() throws Exception {
    Path a = file("a");
    Path b = file("b");
    Map<Integer, String> found =
        table(
            sleeper()
                .descriptor(3, reading(a))
                .descriptor(7, reading(b))
                .descriptor(4000, reading(a))
                .output(
                    new StandardOutput.To(new Descriptor.OpenFile(b, Descriptor.Access.APPEND))));
    assertEquals(
        Map.of(
            0,
            "/dev/null",
            1,
            b.toString(),
            2,
            "/dev/null",
            3,
            a.toString(),
            7,
            b.toString(),
            4000,
            a.toString()),
        found);
  }

  @Test
  void everyPermutationOfExistingDescriptorsArrives() throws Exception {
    int[] numbers = new int[3];
    List<String> names = new ArrayList<>();
    for (int at = 0; at < 3; at++) {
      Path path = file("p" + at);
      numbers[at] = Native.libc().open(path.toString(), Calls.CLOEXEC, 0);
      names.add(path.toString());
    }
    // The very numbers they have here are the targets, in every order: sources and targets collide
    // in all ways.
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] order : orders) {
      CommandBuilder command = sleeper();
      for (int at = 0; at < 3; at++) {
        command.descriptor(numbers[at], new Descriptor.Existing(numbers[order[at]]));
      }
      Map<Integer, String> found = table(command);
      for (int at = 0; at < 3; at++) {
        assertEquals(names.get(order[at]), found.get(numbers[at]), "target " + numbers[at]);
      }
      assertEquals(6, found.size());
    }
    for (int number : numbers) {
      Calls.close(number);
    }
  }

  @Test
  void oneSourceMayStandAtManyNumbers() throws Exception {
    Path path = file("many");
    int number = Native.libc().open(path.toString(), Calls.CLOEXEC, 0);
    CommandBuilder command = sleeper();
    for (int target = 3; target < 203; target++) {
      command.descriptor(target, new Descriptor.Existing(number));
    }
    Map<Integer, String> found = table(command);
    assertEquals(203, found.size());
    assertEquals(path.toString(), found.get(202));
    Calls.close(number);
  }

  @Test
  void leakedDescriptorsOfTheJvmAreClosedWhileEightThreadsSpawn() throws Exception {
    List<FileOutputStream> leaks = new ArrayList<>(); // the JDK opens them without O_CLOEXEC
    List<Integer> gaps = new ArrayList<>();
    for (int at = 0; at < 20; at++) {
      leaks.add(new FileOutputStream(folder.resolve("leak" + at).toFile()));
      gaps.add(Native.libc().fcntl(1, F_DUPFD, 300L + at * 37L));
    }
    Path passed = file("passed");
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<Map<Integer, String>> job = () -> table(sleeper().descriptor(5, reading(passed)));
      List<Future<Map<Integer, String>>> results = threads.invokeAll(Collections.nCopies(200, job));
      for (Future<Map<Integer, String>> result : results) {
        assertEquals(
            Map.of(0, "/dev/null", 1, "/dev/null", 2, "/dev/null", 5, passed.toString()),
            result.get());
      }
    } finally {
      gaps.forEach(Calls::close);
      for (FileOutputStream leak : leaks) {
        leak.close();
      }
    }
  }

  @Test
  void contentIsReadFromSealedMemory() {
    CommandSpec command =
        CommandSpec.of("/bin/cat")
            .add("/proc/self/fd/9")
            .descriptor(9, new Descriptor.Content(Bytes.of("secret\n")))
            .capture()
            .build();
    assertEquals("secret\n", spawner.run(command).orThrow().text());
    assertEquals(-1, Rendering.json(command).indexOf("secret\\n"));
  }

  @Test
  void namedDescriptorMustBeBound() throws Exception {
    CommandSpec command = sleeper().descriptor(6, new Descriptor.Named("tap0")).build();
    assertEquals(
        "Failed at step 'bind descriptors' of 'tap0' starting '/bin/busybox': Nobody provided this descriptor",
        assertThrows(SpawnException.class, () -> spawner.start(command)).getMessage());
    Path path = file("tap");
    int number = Native.libc().open(path.toString(), Calls.CLOEXEC, 0);
    assertEquals(path.toString(), table(command.bind(Map.of("tap0", number)).toBuilder()).get(6));
    Calls.close(number);
  }

  @Test
  void mergedErrorKeepsTheOrderOfArrival() {
    CommandSpec command =
        CommandSpec.of("/bin/busybox")
            .add("sh", "-c", "echo 1; echo 2 >&2; echo 3; echo 4 >&2")
            .output(new StandardOutput.Captured())
            .error(new StandardOutput.Merged())
            .build();
    ProcFacts.assumeProgram("/bin/busybox");
    Completed completed = spawner.run(command).orThrow();
    assertEquals("1\n2\n3\n4\n", completed.text());
    assertEquals(Bytes.EMPTY, completed.error());
  }

  @Test
  void outputGoesToANewFileWithItsMode() throws Exception {
    Path log = folder.resolve("log");
    Descriptor.OpenFile file =
        new Descriptor.OpenFile(log, Descriptor.Access.APPEND, true, false, 0600);
    CommandSpec command =
        CommandSpec.of("/bin/echo").add("hello").output(new StandardOutput.To(file)).build();
    spawner.run(command).orThrow();
    spawner.run(command).orThrow();
    assertEquals("hello\nhello\n", Files.readString(log));
    assertEquals(
        Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE),
        Files.getPosixFilePermissions(log));
  }

  @Test
  void noDescriptorOfOursIsLeftOpen() throws Exception {
    spawner.run(CommandSpec.of("/bin/true").capture().build());
    int before = new ProcFacts(ProcessIds.own()).descriptors().size();
    for (int round = 0; round < 50; round++) {
      spawner.run(
          CommandSpec.of("/bin/echo")
              .add("x")
              .input(new StandardInput.Fed(Bytes.of("in")))
              .capture()
              .build());
      assertThrows(
          SpawnException.class, () -> spawner.run(CommandSpec.of("/nowhere").capture().build()));
      spawner.hold(CommandSpec.of("/bin/true").capture().build()).abort();
    }
    assertEquals(before, new ProcFacts(ProcessIds.own()).descriptors().size());
  }
}
