package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class StormTest {
  private static final System.Logger LOG = System.getLogger(StormTest.class.getName());

  /** What a start must not change in this process. */
  private static List<String> ownState() throws Exception {
    ProcFacts self = new ProcFacts(ProcessIds.own());
    List<String> state = new ArrayList<>();
    for (String name :
        List.of(
            "Uid",
            "Gid",
            "Groups",
            "Umask",
            "CapInh",
            "CapPrm",
            "CapEff",
            "CapBnd",
            "CapAmb",
            "NoNewPrivs",
            "SigIgn")) {
      state.add(name + " " + self.status(name));
    }
    state.add(self.read("limits"));
    state.add(self.link("cwd").toString());
    // The owner of /proc/PID/mem is the user itself only while the process is dumpable (proc(5)).
    state.add("mem of " + Files.getAttribute(Path.of("/proc/self/mem"), "unix:uid"));
    state.add("oom " + self.read("oom_score_adj"));
    return state;
  }

  @Test
  void thousandsOfConcurrentStartsWhileEveryThreadLogs() throws Exception {
    RealSpawner spawner = new RealSpawner();
    spawner.run(CommandSpec.of("/bin/true").build());
    List<String> before = ownState();
    Identity nobody = new Identity(65534, 65534);
    Confinement confined =
        Accounts.ownUid() == 0
            ? Confinement.NONE.withIdentity(nobody).withCapabilities(CapabilitySets.none())
            : Confinement.NONE.withNoNewPrivileges(true);
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int number = 0; number < 2000; number++) {
        String word = "word " + number;
        CommandSpec command =
            CommandSpec.of("/bin/echo")
                .add("-n", word)
                .confinement(confined)
                .umask(0)
                .capture()
                .build();
        results.add(
            threads.submit(() -> {
              LOG.log(Level.DEBUG, "starting {0}", word);
              boolean right = spawner.run(command).orThrow().text().equals(word);
              LOG.log(Level.DEBUG, "ended {0}", word);
              return right;
            }));
      }
      for (Future<Boolean> result : results) {
        assertTrue(result.get());
      }
    }
    assertEquals(before, ownState());
    assertEquals(List.of(), ProcFacts.ownChildren());
  }
}
