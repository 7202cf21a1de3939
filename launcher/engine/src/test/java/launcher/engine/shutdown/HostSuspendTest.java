package launcher.engine.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostSuspendTest {
  private static final String BOOT = "this boot";

  @TempDir Path folder;

  private final FakeActs acts = new FakeActs();
  private final FakeActs.Told told = new FakeActs.Told();
  private final List<Duration> waited = new ArrayList<>();
  private int enough = Integer.MAX_VALUE;

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
            Ladder.SAVED, Duration.ofNanos(1), 1, true, true, Duration.ZERO, false, false);
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
    record().add(entry(web, SuspendRecord.Stage.BEGUN));
    Outcome outcome = resume(HostPolicy.USUAL).getFirst();
    assertEquals(Optional.of("started"), outcome.did());
    assertEquals("its memory was not saved to the end, it starts afresh", outcome.why());
  }

  @Test
  void touchesNoGuestThatRunsAlready() throws Exception {
    Candidate web = FakeActs.guest("web");
    acts.with(web);
    record().add(entry(web, SuspendRecord.Stage.BEGUN));
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
    record.add(entry(web, SuspendRecord.Stage.DONE));
    Path file = folder.resolve("suspended.jsonl");
    Files.writeString(file, Files.readString(file) + "{\"uuid\":\"uuid-we");
    assertEquals(SuspendRecord.Stage.DONE, record.pending().getFirst().stage());
    record.add(entry(web, SuspendRecord.Stage.SETTLED));
    assertEquals(List.of(), record.pending());
    assertFalse(Files.readString(file).contains("uuid-we\"{"), "the torn line is written over");
  }

  @Test
  void writesDownWhoRunsBeforeAnythingIsDone() throws Exception {
    acts.with(FakeActs.guest("web"), FakeActs.guest("held", true, GuestPolicy.NONE));
    acts.fails.addAll(List.of("save web", "acpi web", "power-off web"));
    suspend(HostPolicy.USUAL);
    String first = Files.readAllLines(folder.resolve("suspended.jsonl")).get(0);
    assertTrue(first.contains("\"stage\":\"PLANNED\""), first);
    // the power fails before anybody's turn
    acts.active.clear();
    acts.saved.clear();
    List<Outcome> outcomes = resume(HostPolicy.USUAL, "next boot");
    assertEquals(2, outcomes.stream().filter(Outcome::succeeded).count(), outcomes.toString());
    assertTrue(acts.active.get("uuid-held").paused());
    assertFalse(acts.active.get("uuid-web").paused());
  }

  @Test
  void bringsBackAgainWhoWasBackWhenThePowerFailedAmongResumes() throws Exception {
    acts.with(FakeActs.guest("a"), FakeActs.guest("b"));
    suspend(HostPolicy.USUAL);
    Candidate a = FakeActs.guest("a");
    record().add(SuspendRecord.Entry.of(a, Act.SAVE, SuspendRecord.Stage.BACK, BOOT));
    acts.saved.remove("uuid-a");
    resume(HostPolicy.USUAL, "next boot");
    assertEquals(List.of("start b", "start a"), lastStarts());
    assertTrue(
        told.lines.stream().anyMatch(l -> l.contains("the host stopped again")),
        told.lines.toString());
  }

  @Test
  void doesNotStartWhatWasStoppedAfterItHadComeBack() throws Exception {
    acts.with(FakeActs.guest("a"));
    suspend(HostPolicy.USUAL);
    Candidate a = FakeActs.guest("a");
    record().add(SuspendRecord.Entry.of(a, Act.SAVE, SuspendRecord.Stage.BACK, BOOT));
    resume(HostPolicy.USUAL);
    assertEquals(List.of(), lastStarts());
  }

  private List<String> lastStarts() {
    return acts.log.stream().filter(l -> l.startsWith("start")).toList();
  }

  @Test
  void aSaveThatWasCutOffLeavesAGuestPausedThatIsToRun() throws Exception {
    Candidate web = FakeActs.guest("web");
    record().add(entry(web, SuspendRecord.Stage.BEGUN));
    Candidate found = record().asItWas(web.paused(true), BOOT);
    assertFalse(found.paused());
    assertTrue(record().asItWas(web.paused(true), "next boot").paused());
  }

  @Test
  void savesThoughNothingCanBeWrittenDown() throws Exception {
    acts.with(FakeActs.guest("web"));
    Files.createDirectory(folder.resolve("suspended.jsonl")); // no file can be made of that name
    Outcome outcome = suspend(HostPolicy.USUAL).getFirst();
    assertEquals(Optional.of("saved"), outcome.did());
    assertTrue(outcome.why().contains("Cannot write the record"), outcome.why());
  }

  @Test
  void aShortBudgetIsNotAllKeptBack() throws Exception {
    acts.with(FakeActs.guest("web"));
    suspend(HostPolicy.USUAL.within(Duration.ofSeconds(4)));
    assertEquals(List.of("save web"), acts.log);
  }

  @Test
  void waitsAfterAStartAsTheGuestOrTheHostSays() throws Exception {
    acts.with(FakeActs.guest("a"), FakeActs.guest("b"), FakeActs.guest("c"));
    HostPolicy policy = PolicyFile.parse("start-delay = 7\nparallel = 1", "test");
    suspend(policy);
    acts.policies.put(
        "uuid-c",
        new GuestPolicy(
            Optional.empty(),
            OptionalInt.empty(),
            Optional.of(Duration.ofSeconds(3)),
            Optional.empty(),
            Optional.of(true),
            List.of()));
    resume(policy);
    assertEquals(List.of("start c", "sync uuid-c", "start b", "start a"), startsAndSyncs());
    assertEquals(List.of(Duration.ofSeconds(3), Duration.ofSeconds(7)), waited);
  }

  @Test
  void whatIsNotBackWhenTheHostGoesDownAgainComesBackLater() throws Exception {
    acts.with(FakeActs.guest("a"), FakeActs.guest("b"));
    suspend(HostPolicy.USUAL);
    acts.log.clear();
    enough = 1;
    assertEquals(1, resume(HostPolicy.USUAL).size());
    enough = Integer.MAX_VALUE;
    acts.log.clear();
    suspend(HostPolicy.USUAL);
    assertEquals(List.of("save b"), acts.log);
    acts.log.clear();
    resume(HostPolicy.USUAL, "next boot");
    assertEquals(List.of("start a", "start b"), acts.log.stream().sorted().toList());
  }

  private List<String> startsAndSyncs() {
    return acts.log.stream().filter(l -> l.startsWith("start") || l.startsWith("sync")).toList();
  }

  private static SuspendRecord.Entry entry(Candidate guest, SuspendRecord.Stage stage) {
    return SuspendRecord.Entry.of(guest, Act.SAVE, stage, BOOT);
  }

  private SuspendRecord record() {
    return new SuspendRecord(folder);
  }

  private List<Outcome> suspend(HostPolicy policy) throws InterruptedException {
    SuspendPlan plan = SuspendPlan.of(acts.running(), policy);
    return new HostSuspend(acts, record(), policy, BOOT, told).run(plan);
  }

  private List<Outcome> resume(HostPolicy policy) throws InterruptedException {
    return resume(policy, BOOT);
  }

  private List<Outcome> resume(HostPolicy policy, String session) throws InterruptedException {
    return new HostResume(
            acts, record(), policy, session, told, waited::add, () -> acts.log.size() >= enough)
        .run();
  }
}
