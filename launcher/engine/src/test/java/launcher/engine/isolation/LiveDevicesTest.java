package launcher.engine.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import launcher.drivers.plan.IsolationStep.FilterDevices;
import launcher.drivers.plan.Step;
import launcher.engine.group.MachineGroups;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;
import launcher.spawn.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process in a real control group, of either version, and what it may open. */
final class LiveDevicesTest {
  private static final String VERSION_1 = "1";

  @TempDir Path folder;
  private final String guest = UUID.randomUUID().toString();
  private final Written memory = new Written();
  private Optional<Child> process = Optional.empty();
  private Path place = Path.of("");

  /** What is written down, and when somebody is killed. */
  private static final class Written implements StepMemory {
    private List<Step> steps = List.of();
    private boolean killed;

    @Override
    public List<Step> steps() {
      return steps;
    }

    @Override
    public void change(UnaryOperator<List<Step>> how) {
      steps = List.copyOf(how.apply(steps));
      if (killed) {
        throw new IllegalStateException("killed");
      }
    }
  }

  private void begin(String version) throws IOException {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "needs root: it makes control groups");
    Optional<Path> found =
        version.equals(VERSION_1) ? DeviceGroup.of(guest) : DeviceGroup.unified();
    assumeTrue(found.isPresent(), "needs control groups of version " + version);
    place = found.get();
    FilterDevices step = new FilterDevices(place, List.of("c 1:3 rw", "c 1:9 r"), guest, List.of());
    if (version.equals(VERSION_1)) {
      DeviceGroup.make(place, step.allowed());
    }
    Child sleeper =
        new RealSpawner()
            .start(CommandSpec.of("sleep").add("600").environment(Environment.common()).build());
    process = Optional.of(sleeper);
    DeviceGroup.filter(step, sleeper.pid());
    memory.add(List.of(step));
  }

  @AfterEach
  void end() throws IOException {
    if (process.isPresent()) {
      process.get().signal(Signal.KILL);
      process.get().await();
      process.get().close();
      if (place.endsWith(guest)) {
        MachineGroups.remove(place);
      } else {
        DeviceGroup.unfilter(place, guest);
      }
    }
  }

  private LiveDevices devices() {
    return new LiveDevices(memory, process.orElseThrow().pid());
  }

  private Path node(String name, int minor) {
    Path node = folder.resolve(name);
    new RealSpawner()
        .run(
            CommandSpec.of("mknod")
                .addAll(List.of(node.toString(), "c", "1", Integer.toString(minor)))
                .environment(Environment.common())
                .build())
        .orThrow();
    return node;
  }

  private boolean opens(Path node) throws IOException {
    Path group = place.endsWith(guest) ? place : place.resolve("launcher").resolve(guest);
    Completed ended =
        new RealSpawner()
            .run(
                CommandSpec.of("dd")
                    .addAll(List.of("if=" + node, "of=/dev/null", "count=0", "status=none"))
                    .environment(Environment.common())
                    .cgroup(group)
                    .capture()
                    .build());
    assertTrue(
        ended.status().success() || ended.error().text().contains("Operation not permitted"),
        ended.error().text());
    return ended.status().success();
  }

  @ParameterizedTest
  @ValueSource(strings = {VERSION_1, "2"})
  void aDeviceIsOpenedAfterItHasComeAndBeforeItGoes(String version) throws IOException {
    begin(version);
    Path zero = node("zero", 5);
    Path full = node("full", 7);
    assertTrue(!opens(zero) && !opens(full) && opens(Path.of("/dev/null")));
    devices().admit(List.of(zero));
    assertTrue(opens(zero) && !opens(full) && opens(Path.of("/dev/null")));
    devices().admit(List.of(full));
    assertTrue(opens(zero) && opens(full));
    devices().dismiss(Set.of(zero));
    assertTrue(!opens(zero) && opens(full) && opens(Path.of("/dev/null")));
    // what it had from the start goes as well
    devices().dismiss(Set.of(node("random", 9)));
    assertTrue(!opens(Path.of("/dev/random")) && opens(full));
    devices().dismiss(Set.of(full));
    assertEquals(
        List.of(new FilterDevices(place, List.of("c 1:3 rw"), guest, List.of())), memory.steps());
  }

  @ParameterizedTest
  @ValueSource(strings = {VERSION_1, "2"})
  void whatWasWrittenDownAndNotDoneIsDoneTheNextTime(String version) throws IOException {
    begin(version);
    Path zero = node("zero", 5);
    memory.killed = true;
    assertThrows(IllegalStateException.class, () -> devices().admit(List.of(zero)));
    memory.killed = false;
    assertTrue(!opens(zero));
    devices().admit(List.of(zero));
    assertTrue(opens(zero), "the device has come after all");
    memory.killed = true;
    assertThrows(IllegalStateException.class, () -> devices().dismiss(Set.of(zero)));
    memory.killed = false;
    assertTrue(opens(zero));
    devices().dismiss(Set.of(zero));
    assertTrue(!opens(zero), "it has gone after all");
  }

  @ParameterizedTest
  @ValueSource(strings = {VERSION_1, "2"})
  void theNameOfADeviceThatIsGoneLeadsToNoOther(String version) throws IOException {
    begin(version);
    Path zero = node("zero", 5);
    devices().admit(List.of(zero));
    Files.delete(zero);
    devices().dismiss(Set.of());
    assertTrue(!opens(node("other", 5)));
  }

  @Test
  void aGuestWithoutAFilterIsLeftAlone() throws IOException {
    new LiveDevices(memory, (int) ProcessHandle.current().pid()).admit(List.of(folder));
    assertEquals(List.of(), memory.steps());
  }
}
