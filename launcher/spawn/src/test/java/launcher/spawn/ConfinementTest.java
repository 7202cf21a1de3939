package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfinementTest {
  private static final Identity NOBODY = new Identity(65534, 65534);
  private final RealSpawner spawner = new RealSpawner();
  @TempDir Path folder;

  private interface Question {
    void ask(ProcFacts child) throws Exception;
  }

  private void with(CommandBuilder command, Question question) throws Exception {
    try (Child child = spawner.start(command.build())) {
      try {
        question.ask(new ProcFacts(child.pid()));
      } finally {
        child.signal(Signal.KILL);
        child.await();
      }
    }
  }

  private static CommandBuilder confined(Confinement confinement) {
    return ProcFacts.sleeper().confinement(confinement);
  }

  @Test
  void runsAsTheUserAndExactlyTheGroups() throws Exception {
    ProcFacts.assumeRoot();
    Identity identity = new Identity(1234, 2345, List.of(7L, 9L));
    with(
        confined(Confinement.NONE.withIdentity(identity)),
        child -> {
          assertEquals("1234\t1234\t1234\t1234", child.status("Uid"));
          assertEquals("2345\t2345\t2345\t2345", child.status("Gid"));
          assertEquals("7 9", child.status("Groups"));
          assertEquals("0000000000000000", child.status("CapPrm"));
        });
  }

  @Test
  void userIdsBeyondTwoToTheThirtyFirstWork() throws Exception {
    ProcFacts.assumeRoot();
    with(
        confined(Confinement.NONE.withIdentity(new Identity(4294967293L, 3000000000L))),
        child ->
            assertEquals("4294967293\t4294967293\t4294967293\t4294967293", child.status("Uid")));
  }

  private static void assertCapabilities(ProcFacts child, String bits) throws Exception {
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      assertEquals(bits, child.status(set), set);
    }
  }

  @Test
  void dropsEveryCapabilityOfRoot() throws Exception {
    ProcFacts.assumeRoot();
    with(
        confined(Confinement.NONE.withCapabilities(CapabilitySets.none())),
        child -> assertCapabilities(child, "0000000000000000"));
  }

  @Test
  void keepsExactlyTheChosenCapabilitiesOfAnotherUser() throws Exception {
    ProcFacts.assumeRoot();
    CapabilitySets kept =
        CapabilitySets.keep(Set.of(Capability.NET_BIND_SERVICE, Capability.NET_ADMIN));
    with(
        confined(Confinement.NONE.withIdentity(NOBODY).withCapabilities(kept)),
        child -> assertCapabilities(child, "0000000000001400"));
  }

  @Test
  void keepsExactlyTheChosenCapabilitiesOfRoot() throws Exception {
    ProcFacts.assumeRoot();
    with(
        confined(Confinement.NONE.withCapabilities(CapabilitySets.keep(Set.of(Capability.CHOWN)))),
        child -> assertCapabilities(child, "0000000000000001"));
  }

  @Test
  void cannotRegainRoot() {
    ProcFacts.assumeRoot();
    ProcFacts.assumeProgram("/usr/bin/setpriv");
    CommandSpec command =
        CommandSpec.of("/usr/bin/setpriv")
            .add("--reuid=0", "/bin/true")
            .confinement(
                Confinement.NONE.withIdentity(NOBODY).withCapabilities(CapabilitySets.none()))
            .capture()
            .build();
    Completed refused = spawner.run(command);
    assertTrue(refused.error().text().contains("Operation not permitted"), refused.error().text());
  }

  @Test
  void noNewPrivilegesIsSet() throws Exception {
    with(
        confined(Confinement.NONE.withNoNewPrivileges(true)),
        child -> assertEquals("1", child.status("NoNewPrivs")));
  }

  @Test
  void everyLimitIsSet() throws Exception {
    List<ResourceLimit> limits =
        List.of(
            new ResourceLimit(Resource.NOFILE, 512, 1024),
            new ResourceLimit(Resource.CORE, 0),
            new ResourceLimit(Resource.MEMLOCK, 4096, 65536),
            new ResourceLimit(Resource.NPROC, 100),
            new ResourceLimit(Resource.CPU, 1000, 2000),
            new ResourceLimit(Resource.FSIZE, 0),
            new ResourceLimit(Resource.STACK, 1 << 20, ResourceLimit.UNLIMITED));
    with(
        confined(Confinement.NONE.withLimits(limits)),
        child -> {
          assertEquals(List.of("512", "1024"), child.limit("Max open files"));
          assertEquals(List.of("0", "0"), child.limit("Max core file size"));
          assertEquals(List.of("4096", "65536"), child.limit("Max locked memory"));
          assertEquals(List.of("100", "100"), child.limit("Max processes"));
          assertEquals(List.of("1000", "2000"), child.limit("Max cpu time"));
          assertEquals(List.of("0", "0"), child.limit("Max file size"));
          assertEquals(List.of("1048576", "unlimited"), child.limit("Max stack size"));
        });
  }

  @Test
  void theProgramsLimitsDoNotHinderItsStart() throws Exception {
    Path pidFile = folder.resolve("pid");
    List<ResourceLimit> limits =
        List.of(new ResourceLimit(Resource.NOFILE, 3), new ResourceLimit(Resource.FSIZE, 0));
    with(
        confined(Confinement.NONE.withLimits(limits)).pidFile(pidFile),
        child -> assertEquals(child.pid() + "\n", Files.readString(pidFile)));
  }

  @Test
  void umaskZeroIsPossible() throws Exception {
    with(ProcFacts.sleeper().umask(0), child -> assertEquals("0000", child.status("Umask")));
    with(ProcFacts.sleeper().umask(0127), child -> assertEquals("0127", child.status("Umask")));
  }

  @Test
  void startsInTheDirectory() throws Exception {
    with(
        ProcFacts.sleeper().workingDirectory(folder),
        child -> assertEquals(folder, child.link("cwd")));
  }

  @Test
  void schedulingIsAsAsked() throws Exception {
    ProcFacts.assumeRoot();
    Scheduling scheduling =
        Scheduling.UNCHANGED.withNice(5).withProcessors(Set.of(0)).withOutOfMemoryScore(300);
    with(
        ProcFacts.sleeper().scheduling(scheduling),
        child -> {
          assertEquals("5", child.stat(19));
          assertEquals("0", child.status("Cpus_allowed_list"));
          assertEquals("300", child.read("oom_score_adj"));
        });
    with(
        ProcFacts.sleeper().scheduling(Scheduling.UNCHANGED.withPolicy(Scheduling.Policy.FIFO, 3)),
        child -> {
          assertEquals("3", child.stat(40));
          assertEquals("1", child.stat(41));
        });
    with(
        ProcFacts.sleeper().scheduling(Scheduling.UNCHANGED.withPolicy(Scheduling.Policy.IDLE, 0)),
        child -> assertEquals("5", child.stat(41)));
  }

  @Test
  void startsInItsControlGroup() throws Exception {
    ProcFacts.assumeRoot();
    Path hierarchy = Path.of("/sys/fs/cgroup/pids");
    Path parent = Files.isDirectory(hierarchy) ? hierarchy : Path.of("/sys/fs/cgroup");
    Path group = parent.resolve("launcher-spawn-test-" + ProcessIds.own());
    assumeTrue(
        Files.isWritable(parent.resolve("cgroup.procs")),
        "needs a writable control group hierarchy");
    Files.createDirectory(group);
    try {
      with(
          ProcFacts.sleeper().cgroup(group),
          child ->
              assertTrue(
                  child.read("cgroup").contains("/" + group.getFileName()), child.read("cgroup")));
    } finally {
      Files.delete(group);
    }
  }

  @Test
  void labelIsRefusedWhereThereIsNoSuchModule() {
    assumeTrue(!Files.exists(Path.of("/sys/fs/selinux/enforce")), "this kernel has SELinux");
    CommandSpec command =
        confined(
                Confinement.NONE.withLabel(
                    new ExecLabel.Selinux("system_u:system_r:svirt_t:s0:c1,c2")))
            .build();
    SpawnException refused = assertThrows(SpawnException.class, () -> spawner.start(command));
    assertEquals(SpawnStep.SET_LABEL, refused.step());
    assertEquals(
        "Failed at step 'set label' of 'system_u:system_r:svirt_t:s0:c1,c2' starting '/bin/busybox': Invalid argument",
        refused.getMessage());
  }

  @Test
  void deathSignalFollowsTheProcessAndNotTheThread() throws Exception {
    try (Child jvm =
            spawner.start(
                OtherJvm.command(OtherJvm.DeathSignal.class)
                    .input(new StandardInput.Piped())
                    .output(new StandardOutput.Piped())
                    .build());
        var lines =
            new BufferedReader(new InputStreamReader(jvm.output(), StandardCharsets.UTF_8))) {
      int pid = Integer.parseInt(lines.readLine());
      ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
      assertTrue(child.isAlive(), "the thread that started it is gone, the process is not");
      var gone = child.onExit();
      jvm.stop(Duration.ZERO);
      gone.get(1, TimeUnit.MINUTES);
    }
  }
}
