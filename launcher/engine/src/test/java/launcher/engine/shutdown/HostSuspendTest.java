package launcher.engine.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostSuspendTest {
  @TempDir Path folder;

  private final FakeActs acts = new FakeActs();
  private final FakeActs.Told told = new FakeActs.Told();

  @Test
  void savesEveryGuestAndBringsEachBackAsItWas() throws Exception {
    acts.with(
        FakeActs.guest("web"),
        FakeActs.guest("held", true, GuestPolicy.NONE),
        FakeActs.guest("() { :;}; echo vulnerable"));
    assertTrue(suspend(HostPolicy.USUAL).stream().allMatch(Outcome::succeeded));
    assertEquals(3, acts.saved.size());

    acts.log.clear();
    assertTrue(resume(HostPolicy.USUAL).stream().allMatch(Outcome::succeeded));
    assertEquals(
        List.of("start () { :;}; echo vulnerable", "start web", "start-paused held"),
        acts.log.stream().sorted().toList());
    acts.log.clear();
    assertEquals(List.of(), resume(HostPolicy.USUAL), "a second resume has nothing to do");
    assertEquals(List.of(), acts.log);
  }

  @Test
  void takesTheNextRungWhenOneFails() throws Exception {
    acts.with(FakeActs.guest("web"));
    acts.fails.addAll(List.of("save web", "acpi web"));
    Outcome outcome = suspend(HostPolicy.USUAL).getFirst();
    assertEquals(List.of("save web", "acpi web", "power-off web"), acts.log);
    assertEquals(Optional.of("powered off"), outcome.did());
    assertEquals(
        "save: told to fail at 'save' of 'uuid-web'; acpi: told to fail at 'acpi' of 'uuid-web'",
        outcome.why());
  }

  @Test
  void stopsWhatNeedsAGuestBeforeTheGuest() throws Exception {
    acts.with(
        FakeActs.guest("database"),
        FakeActs.guest("web", "database"),
        FakeActs.guest("proxy", "web"));
    suspend(HostPolicy.USUAL);
    assertEquals(List.of("save proxy", "save web", "save database"), acts.log);
    acts.log.clear();
    resume(HostPolicy.USUAL);
    assertEquals(List.of("start database", "start web", "start proxy"), acts.log);
  }

  @Test
  void cutsACircleOfNeedsAndSaysSo() throws Exception {
    acts.with(FakeActs.guest("a", "b"), FakeActs.guest("b", "a"));
    assertTrue(suspend(HostPolicy.USUAL).stream().allMatch(Outcome::succeeded));
    assertTrue(told.lines.getFirst().contains("need one another"), told.lines.toString());
  }

  @Test
  void powersOffAtOnceWhenTheBudgetIsUsedUp() throws Exception {
    acts.with(FakeActs.guest("web"));
    HostPolicy noTime =
        new HostPolicy(
            Ladder.SAVED, Duration.ofMillis(1), 1, true, true, Duration.ZERO, false, false);
    Outcome outcome = suspend(noTime).getFirst();
    assertEquals(List.of("power-off web"), acts.log);
    assertTrue(outcome.why().startsWith("save: the budget of 0 s is used up"), outcome.why());
  }

  @Test
  void tellsTheServiceManagerHowLongItMayTake() throws Exception {
    acts.with(FakeActs.guest("web"));
    suspend(HostPolicy.USUAL);
    assertEquals(List.of(Duration.ofSeconds(310)), told.needed);
  }

  @Test
  void neitherSavesWhatHasNoDefinitionNorAsksWhatIsPaused() {
    HostPolicy policy = HostPolicy.USUAL;
    Candidate transientGuest =
        new Candidate("1", "t", Candidate.Kind.VIRTUAL_MACHINE, false, false, 0, GuestPolicy.NONE);
    Candidate container =
        new Candidate("2", "c", Candidate.Kind.CONTAINER, false, true, 0, GuestPolicy.NONE);
    Candidate paused = FakeActs.guest("p", true, GuestPolicy.NONE);
    assertEquals("acpi 60s, power-off 10s", policy.ladderOf(transientGuest).toString());
    assertEquals("acpi 60s, power-off 10s", policy.ladderOf(container).toString());
    assertEquals("save 300s, power-off 10s", policy.ladderOf(paused).toString());
  }

  @Test
  void leavesTransientsAloneWhereThePolicySaysSo() {
    HostPolicy policy = PolicyFile.parse("transients = no", "test");
    Candidate transientGuest =
        new Candidate("1", "t", Candidate.Kind.VIRTUAL_MACHINE, false, false, 0, GuestPolicy.NONE);
    assertEquals(List.of(), SuspendPlan.of(List.of(transientGuest), policy).guests());
  }

  @Test
  void aGuestsOwnLadderCountsMore() throws Exception {
    GuestPolicy own =
        new GuestPolicy(
            Optional.of(Ladder.parse("leave")),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    acts.with(FakeActs.guest("web", false, own));
    assertEquals(Optional.of("left running"), suspend(HostPolicy.USUAL).getFirst().did());
    assertEquals(List.of(), acts.log);
  }

  @Test
  void startsAfreshWhatWasLostWhileItWasSaved() throws Exception {
    Candidate web = FakeActs.guest("web");
    acts.defined.add(web.uuid());
    record().add(SuspendRecord.Entry.of(web, Act.SAVE, SuspendRecord.Stage.BEGUN));
    Outcome outcome = resume(HostPolicy.USUAL).getFirst();
    assertEquals(Optional.of("started"), outcome.did());
    assertEquals("its memory was not saved to the end, it starts afresh", outcome.why());
  }

  @Test
  void touchesNoGuestThatRunsAlready() throws Exception {
    Candidate web = FakeActs.guest("web");
    acts.with(web);
    record().add(SuspendRecord.Entry.of(web, Act.SAVE, SuspendRecord.Stage.BEGUN));
    assertEquals(Optional.of("runs already"), resume(HostPolicy.USUAL).getFirst().did());
    assertEquals(List.of(), acts.log);
  }

  @Test
  void goesOnWhenOneGuestCannotBeRestoredAndKeepsItsState() throws Exception {
    acts.with(FakeActs.guest("good"), FakeActs.guest("bad"));
    suspend(HostPolicy.USUAL);
    acts.fails.add("start bad");
    List<Outcome> outcomes = resume(HostPolicy.USUAL);
    assertEquals(1, outcomes.stream().filter(Outcome::succeeded).count());
    assertTrue(acts.saved.contains("uuid-bad"));
    acts.fails.clear();
    acts.log.clear();
    resume(HostPolicy.USUAL);
    assertEquals(
        List.of("start bad"), acts.log, "the next resume tries the one that failed, and only that");
  }

  @Test
  void readsARecordWhoseLastLineWasTorn() throws Exception {
    Candidate web = FakeActs.guest("web");
    SuspendRecord record = record();
    record.add(SuspendRecord.Entry.of(web, Act.SAVE, SuspendRecord.Stage.DONE));
    Path file = folder.resolve("suspended.jsonl");
    Files.writeString(file, Files.readString(file) + "{\"uuid\":\"uuid-we");
    assertEquals(SuspendRecord.Stage.DONE, record.pending().getFirst().stage());
    record.add(SuspendRecord.Entry.of(web, Act.SAVE, SuspendRecord.Stage.SETTLED));
    assertEquals(List.of(), record.pending());
    assertFalse(Files.readString(file).contains("uuid-we\"{"), "the torn line is written over");
  }

  private SuspendRecord record() {
    return new SuspendRecord(folder);
  }

  private List<Outcome> suspend(HostPolicy policy) throws InterruptedException {
    SuspendPlan plan = SuspendPlan.of(acts.running(), policy);
    return new HostSuspend(acts, record(), policy, told).run(plan);
  }

  private List<Outcome> resume(HostPolicy policy) throws InterruptedException {
    return new HostResume(acts, record(), policy, told, _ -> {}).run();
  }
}
