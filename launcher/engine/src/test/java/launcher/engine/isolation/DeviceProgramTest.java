package launcher.engine.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import launcher.engine.group.MachineGroups;
import launcher.engine.host.ControlGroups;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.LandlockRule;
import launcher.spawn.RealSpawner;
import launcher.spawn.libc.GroupFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel checks each program and runs it on what a process of the group opens. */
final class DeviceProgramTest {
  @TempDir Path folder;
  private Path group = Path.of("");

  @BeforeEach
  void needsGroupsOfVersion2() throws IOException {
    assumeTrue(
        GroupFilter.accepts(DeviceProgram.of(List.of())),
        "needs the right to load BPF programs for control groups (root)");
    Path mount =
        ControlGroups.hierarchies().stream()
            .filter(hierarchy -> hierarchy.unified() && Files.isWritable(hierarchy.mount()))
            .map(ControlGroups.Hierarchy::mount)
            .findFirst()
            .orElse(Path.of(""));
    assumeTrue(!mount.toString().isEmpty(), "needs control groups of version 2");
    group = Files.createDirectory(mount.resolve("launcher-test-" + UUID.randomUUID()));
  }

  @AfterEach
  void remove() throws IOException {
    if (!group.toString().isEmpty()) {
      MachineGroups.remove(group);
    }
  }

  private String said(String program, String... words) {
    Completed ended =
        new RealSpawner()
            .run(
                CommandSpec.of(program)
                    .addAll(List.of(words))
                    .environment(Environment.common())
                    .cgroup(group)
                    .capture()
                    .build());
    return ended.status().success() ? "done" : ended.error().text().strip();
  }

  private Path node(String name, String type, int major, int minor) {
    Path node = folder.resolve(name);
    new RealSpawner()
        .run(
            CommandSpec.of("mknod")
                .add(node.toString())
                .addAll(List.of(type, Integer.toString(major), Integer.toString(minor)))
                .environment(Environment.common())
                .build())
        .orThrow();
    return node;
  }

  private String read(Path node) {
    return said("dd", "if=" + node, "of=/dev/null", "bs=1", "count=1", "status=none");
  }

  private String write(Path node) {
    return said("dd", "if=/dev/zero", "of=" + node, "bs=1", "count=1", "status=none");
  }

  private static void assertDenied(String said) {
    assertTrue(said.contains("Operation not permitted"), said);
  }

  @Test
  void whatIsAllowedIsOpenedAndNothingElse() throws IOException {
    GroupFilter.attach(
        group, DeviceProgram.of(List.of("c 1:3 rw", "c 1:5 r", "c 1:9 r", "c 136:* rw")));
    Path full = node("full", "c", 1, 7);
    Path zero = node("zero", "c", 1, 5);
    Path random = node("random", "c", 1, 9);
    assertEquals("done", read(zero));
    assertEquals("done", write(Path.of("/dev/null")));
    assertEquals("done", read(random));
    assertDenied(write(random));
    assertDenied(read(full));
    assertDenied(read(node("block", "b", 1, 5)));
    assertDenied(read(node("terminal", "c", 5, 0)));
    assertTrue(read(node("pts", "c", 136, 9999)).contains("put"), "no such terminal, but allowed");
    assertEquals("done", said("mknod", folder.resolve("new").toString(), "c", "1", "7"));
  }

  @Test
  void nothingIsAllowedByNoRule() throws IOException {
    GroupFilter.attach(group, DeviceProgram.of(List.of()));
    assertDenied(read(node("zero", "c", 1, 5)));
    assertEquals("done", said("cat", "/etc/passwd"));
  }

  @Test
  void aLaterProgramTakesThePlaceOfTheEarlier() throws IOException {
    Path zero = node("zero", "c", 1, 5);
    Path full = node("full", "c", 1, 7);
    GroupFilter.attach(group, DeviceProgram.of(List.of("c 1:3 rw", "c 1:5 r")));
    GroupFilter.attach(group, DeviceProgram.of(List.of("c 1:3 rw", "c 1:7 r")));
    assertDenied(read(zero));
    assertEquals("done", read(full));
    // more often than the kernel keeps programs beside each other
    for (int i = 0; i < 70; i++) {
      GroupFilter.attach(group, DeviceProgram.of(List.of("c 1:3 rw", "c 1:5 r")));
    }
    assertEquals("done", read(zero));
    assertDenied(read(full));
  }

  /** A thousand disks; the kernel gives up at 8192 branches. */
  @Test
  void theKernelTakesManyRules() throws IOException {
    List<String> rules = new ArrayList<>();
    for (int minor = 0; minor < 1024; minor++) {
      rules.add("b 259:" + minor + (minor % 2 == 0 ? " rw" : " r"));
    }
    rules.add("c 1:3 rw");
    rules.add("c 1:5 rw");
    GroupFilter.attach(group, DeviceProgram.of(rules));
    assertEquals("done", read(node("zero", "c", 1, 5)));
    assertDenied(read(node("full", "c", 1, 7)));
  }

  @Test
  void aNodeIsAllowedWhereverItLies() throws IOException {
    List<String> allowed =
        DeviceGroup.allowed(
            List.of(
                new LandlockRule(node("log", "c", 1, 11), LandlockRule.Access.READ, true, true),
                new LandlockRule(Path.of("/dev/null"), LandlockRule.Access.WRITE, true, false),
                new LandlockRule(folder, LandlockRule.Access.MANAGE, true, false)));
    assertEquals(List.of("c 1:11 r", "c 1:3 rw"), allowed);
  }

  @Test
  void anUnreadableRuleIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> DeviceProgram.of(List.of("c 1;3 rw")));
  }

  @Test
  void theKernelRefusesWhatItCannotCheck() {
    byte[] endless = new byte[8];
    endless[0] = 0x05; // a jump
    endless[2] = endless[3] = -1; // onto itself
    assertThrows(IOException.class, () -> GroupFilter.attach(group, endless));
  }
}
