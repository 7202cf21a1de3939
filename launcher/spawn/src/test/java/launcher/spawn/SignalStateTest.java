package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SignalStateTest {
  @Test
  void programStartsWithDefaultHandlersAndAnEmptyMask() throws Exception {
    try (Child child = new RealSpawner().start(CommandSpec.of("/bin/sleep").add("60").build())) {
      ProcFacts facts = new ProcFacts(child.pid());
      assertEquals("0000000000000000", facts.status("SigBlk"));
      assertEquals("0000000000000000", facts.status("SigIgn"));
      assertEquals("0000000000000000", facts.status("SigCgt"));
      child.signal(Signal.KILL);
      child.await();
    }
  }

  @Test
  void everythingIsBlockedUntilTheWord() throws Exception {
    try (HeldChild held = new RealSpawner().hold(CommandSpec.of("/bin/true").build())) {
      // All but KILL and STOP, and 32 and 33, which glibc keeps for itself.
      assertEquals("fffffffe7ffbfeff", new ProcFacts(held.pid()).status("SigBlk"));
    }
  }

  /**
   * A JVM under nohup ignores HUP, a careless parent ignores CHLD; the children of both must not.
   */
  @Test
  void ignoredSignalsOfTheParentAreNotInherited() throws Exception {
    ProcFacts.assumeProgram("/bin/busybox");
    CommandSpec jvm =
        CommandSpec.of("/bin/busybox")
            .add("sh", "-c", "trap '' HUP CHLD PIPE; exec \"$@\"", "sh")
            .addAll(OtherJvm.words(OtherJvm.PrintStatus.class))
            .capture()
            .build();
    String printed = new RealSpawner().run(jvm).orThrow().text();
    assertEquals("SigIgn 0000000000000000 exit status 5\n", printed);
  }
}
