package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetachedProgramTest {
  @TempDir Path folder;

  /** A daemon: says who it is, and stays. */
  static final class Staying {
    private Staying() {}

    public static void main(String[] arguments) throws InterruptedException {
      System.out.println(ProcessHandle.current().pid());
      System.out.close();
      Thread.currentThread().join();
    }
  }

  @Test
  void goesOnWithoutAChildOfThisProcess() throws Exception {
    String said = DetachedProgram.start(OtherJvm.words(Staying.class), log()).orElseThrow();
    ProcessHandle program = ProcessHandle.of(Long.parseLong(said)).orElseThrow();
    try {
      // what the JDK waits for in waitpid(2), and this JVM's end for the JDK
      for (ProcessHandle between : ProcessHandle.current().children().toList()) {
        if (between.info().command().orElse("").endsWith("spawn-executor")) {
          between.onExit().get(1, TimeUnit.MINUTES);
        }
      }
      assertTrue(program.isAlive());
      assertNotEquals(
          Optional.of(ProcessHandle.current().pid()), program.parent().map(ProcessHandle::pid));
      ProcFacts facts = new ProcFacts((int) program.pid());
      assertEquals(said, facts.stat(6), "a session of its own");
      assertEquals("/dev/null", facts.descriptors().get(0));
      assertEquals(log().toRealPath().toString(), facts.descriptors().get(2));
    } finally {
      program.destroyForcibly();
    }
  }

  @Test
  void noSignalIsBlockedOrIgnored() {
    assertEquals(Optional.of("SigBlk:\t0000000000000000"), statusLine("SigBlk"));
    assertEquals(Optional.of("SigIgn:\t0000000000000000"), statusLine("SigIgn"));
  }

  @Test
  void whatIsNoProgramSaysSo() {
    assertEquals(
        Optional.of("cannot be executed, errno 002"),
        DetachedProgram.start(List.of(folder.resolve("nothing").toString()), log()));
  }

  @Test
  void aProgramThatSaysNothingIsSeenToEnd() {
    assertEquals(Optional.empty(), DetachedProgram.start(List.of("/bin/true"), log()));
  }

  private Optional<String> statusLine(String name) {
    return DetachedProgram.start(List.of("/bin/grep", name, "/proc/self/status"), log());
  }

  private Path log() {
    return folder.resolve("log");
  }
}
