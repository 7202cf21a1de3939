package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import launcher.spawn.libc.Calls;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandlockTest {
  private final RealSpawner spawner = new RealSpawner();
  @TempDir Path folder;
  private Path own;
  private Path foreign;

  @BeforeEach
  void files() throws Exception {
    ProcFacts.assumeProgram("/bin/busybox");
    own = Files.createDirectory(folder.resolve("own"));
    foreign = Files.createDirectory(folder.resolve("foreign"));
    Files.writeString(own.resolve("disk"), "mine");
    Files.writeString(foreign.resolve("disk"), "not mine");
  }

  private Completed run(List<LandlockRule> rules, String... words) {
    List<LandlockRule> all = new ArrayList<>(rules);
    all.add(new LandlockRule(Path.of("/bin/busybox"), LandlockRule.Access.EXECUTE));
    return spawner.run(
        CommandSpec.of("/bin/busybox")
            .addAll(List.of(words))
            .confinement(Confinement.NONE.withNoNewPrivileges(true).withLandlock(all))
            .capture()
            .build());
  }

  private static LandlockRule rule(Path path, LandlockRule.Access access) {
    return new LandlockRule(path, access);
  }

  @Test
  void readsWhatIsAllowedAndNothingElse() {
    List<LandlockRule> rules = List.of(rule(own, LandlockRule.Access.READ));
    assertEquals("mine", run(rules, "cat", own.resolve("disk").toString()).text());
    Completed denied = run(rules, "cat", foreign.resolve("disk").toString());
    assertTrue(denied.error().text().contains("Permission denied"), denied.error().text());
  }

  @Test
  void readingDoesNotAllowWriting() throws Exception {
    List<LandlockRule> rules = List.of(rule(own, LandlockRule.Access.READ));
    assertFalse(
        run(rules, "truncate", "-s", "0", own.resolve("disk").toString()).status().success());
    assertFalse(run(rules, "touch", own.resolve("new").toString()).status().success());
    assertEquals("mine", Files.readString(own.resolve("disk")));
  }

  @Test
  void writingASingleFileDoesNotAllowMakingOthers() throws Exception {
    List<LandlockRule> rules = List.of(rule(own.resolve("disk"), LandlockRule.Access.WRITE));
    assertTrue(
        run(rules, "truncate", "-s", "2", own.resolve("disk").toString()).status().success());
    assertEquals("mi", Files.readString(own.resolve("disk")));
    assertFalse(run(rules, "touch", own.resolve("new").toString()).status().success());
  }

  @Test
  void managingAFolderAllowsMakingRenamingAndRemoving() {
    List<LandlockRule> rules = List.of(rule(own, LandlockRule.Access.MANAGE));
    assertTrue(run(rules, "mkdir", own.resolve("a").toString()).status().success());
    assertTrue(
        run(rules, "mv", own.resolve("disk").toString(), own.resolve("a/disk").toString())
            .status()
            .success());
    assertTrue(run(rules, "rm", "-r", own.resolve("a").toString()).status().success());
    assertFalse(run(rules, "mkdir", foreign.resolve("a").toString()).status().success());
  }

  @Test
  void aLinkOutOfTheFolderLeadsNowhere() throws Exception {
    Files.createSymbolicLink(own.resolve("link"), foreign.resolve("disk"));
    List<LandlockRule> rules = List.of(rule(own, LandlockRule.Access.MANAGE));
    assertFalse(run(rules, "cat", own.resolve("link").toString()).status().success());
    assertFalse(run(rules, "cat", own + "/../foreign/disk").status().success());
  }

  @Test
  void aMissingPathIsAFailureUnlessOptional() {
    Path missing = folder.resolve("missing");
    assertEquals(
        "Failed at step 'landlock' of '"
            + missing
            + "' starting '/bin/busybox': No such file or directory",
        assertThrows(
                SpawnException.class,
                () -> run(List.of(rule(missing, LandlockRule.Access.READ)), "true"))
            .getMessage());
    assertTrue(
        run(List.of(new LandlockRule(missing, LandlockRule.Access.READ, true)), "true")
            .status()
            .success());
  }

  @Test
  void descriptorsThatWerePassedNeedNoPath() {
    CommandSpec command =
        CommandSpec.of("/bin/busybox")
            .add("cat")
            .input(
                new StandardInput.From(
                    new Descriptor.OpenFile(foreign.resolve("disk"), Descriptor.Access.READ)))
            .confinement(
                Confinement.NONE
                    .withNoNewPrivileges(true)
                    .withLandlock(
                        List.of(rule(Path.of("/bin/busybox"), LandlockRule.Access.EXECUTE))))
            .capture()
            .build();
    assertEquals("not mine", spawner.run(command).orThrow().text());
  }

  private String connecting(boolean withoutTcp, int port) {
    Completed ended =
        spawner.run(
            CommandSpec.of("/bin/busybox")
                .addAll(List.of("nc", "-w", "10", "127.0.0.1", Integer.toString(port)))
                .confinement(Confinement.NONE.withNoNewPrivileges(true).withoutTcp(withoutTcp))
                .capture()
                .build());
    return ended.status().success() ? "connected" : ended.error().text();
  }

  @Test
  void aProgramWithoutTcpConnectsToNobody() throws Exception {
    assumeTrue(Calls.landlockVersion() >= 4, "needs Landlock's network rules (Linux 6.7)");
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                server.accept().close();
              }
            } catch (IOException over) {
              return;
            }
          });
      assertEquals("connected", connecting(false, server.getLocalPort()));
      String refused = connecting(true, server.getLocalPort());
      assertTrue(refused.contains("Permission denied"), refused);
    }
  }

  @Test
  void aProgramWithoutTcpListensNowhere() {
    assumeTrue(Calls.landlockVersion() >= 4, "needs Landlock's network rules (Linux 6.7)");
    Completed refused =
        spawner.run(
            CommandSpec.of("/bin/busybox")
                .addAll(List.of("timeout", "10", "/bin/busybox", "nc", "-l"))
                .confinement(Confinement.NONE.withNoNewPrivileges(true).withoutTcp(true))
                .capture()
                .build());
    assertTrue(refused.error().text().contains("Permission denied"), refused.error().text());
  }

  private Completed scoped(boolean scoped, String program, String... words) {
    return spawner.run(
        CommandSpec.of(program)
            .addAll(List.of(words))
            .confinement(Confinement.NONE.withNoNewPrivileges(true).withScope(scoped))
            .capture()
            .build());
  }

  private static void assumeScopes() {
    assumeTrue(Calls.landlockVersion() >= 6, "needs Landlock's scopes (Linux 6.12)");
  }

  @Test
  void aScopedProgramSignalsNoOtherOfItsUser() {
    assumeScopes();
    try (Child other =
        spawner.start(CommandSpec.of("/bin/busybox").addAll(List.of("sleep", "60")).build())) {
      String pid = Integer.toString(other.pid());
      Completed refused = scoped(true, "/bin/busybox", "kill", "-KILL", pid);
      assertTrue(
          refused.error().text().contains("Operation not permitted"), refused.error().text());
      assertTrue(other.isAlive());
      assertTrue(scoped(false, "/bin/busybox", "kill", "-KILL", pid).status().success());
      assertFalse(other.await().status().success());
    }
  }

  @Test
  void aScopedProgramSignalsItsOwnProcesses() {
    assumeScopes();
    Completed done =
        scoped(
            true, "/bin/busybox", "timeout", "-s", "KILL", "0.05", "/bin/busybox", "sleep", "600");
    assertEquals("", done.error().text());
  }
}
