package launcher.engine;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.EngineException.Kind;
import launcher.engine.disk.OverlayXml;
import launcher.engine.qemu.BlockNodes;
import launcher.engine.qemu.Drives;
import launcher.engine.qemu.QemuMonitor;
import launcher.schemas.XmlElement;

/**
 * What a running QEMU is in the middle of, and what its disks have met. Nothing here waits for what
 * is under way.
 */
public final class GuestJobs {
  private final Guest guest;

  GuestJobs(Guest guest) {
    this.guest = guest;
  }

  /**
   * A save, restore or dump.
   *
   * @param operation {@code save}, {@code restore}, {@code dump} …; empty when nothing is under way
   * @param numbers of QEMU, by virsh's names with dashes; times in milliseconds, sizes in bytes
   */
  public record Job(String operation, SequencedMap<String, Long> numbers) {}

  /** What is under way now. */
  public Job now() {
    String act =
        guest
            .life()
            .running()
            .record()
            .job()
            .map(job ->
                switch (job.kind()) {
                  case SAVING -> "save";
                  case RESTORING -> "restore";
                })
            .orElse(guest.life().busy());
    SequencedMap<String, Long> numbers = new LinkedHashMap<>();
    switch (act) {
      case "save", "restore" -> migration(numbers);
      case "dump" -> dump(numbers);
      default -> {
        // QEMU counts nothing of others
      }
    }
    return new Job(act, numbers);
  }

  private void migration(SequencedMap<String, Long> numbers) {
    JsonObject answer = monitor().ask("query-migrate");
    number(numbers, "time-elapsed", answer, "total-time");
    JsonObject memory = answer.object("ram");
    number(numbers, "memory-total", memory, "total");
    number(numbers, "memory-processed", memory, "transferred");
    number(numbers, "memory-remaining", memory, "remaining");
    number(numbers, "memory-dirty-rate", memory, "dirty-pages-rate");
    number(numbers, "iteration", memory, "dirty-sync-count");
    number(numbers, "constant-pages", memory, "duplicate");
    number(numbers, "normal-pages", memory, "normal");
    number(numbers, "normal-data", memory, "normal-bytes");
    number(numbers, "expected-downtime", answer, "expected-downtime");
  }

  private void dump(SequencedMap<String, Long> numbers) {
    // QEMU answers nothing while it dumps in the foreground
    monitor()
        .tryAsk("query-dump", Props.empty(), Duration.ofSeconds(1))
        .map(answer -> answer.object("return"))
        .ifPresent(answer -> {
          number(numbers, "memory-total", answer, "total");
          number(numbers, "memory-processed", answer, "completed");
        });
  }

  private static void number(
      SequencedMap<String, Long> numbers, String ours, JsonObject answer, String theirs) {
    if (answer.has(theirs)) {
      numbers.put(ours, answer.number(theirs, 0));
    }
  }

  private QemuMonitor monitor() {
    return guest.qemu().monitor();
  }

  /**
   * Gives up what is under way; the guest goes on as before.
   *
   * @throws EngineException when nothing is, or what is cannot be given up
   */
  public void abort() {
    String act = now().operation();
    switch (act) {
      case "save" -> monitor().ask("migrate_cancel");
      case "" ->
          throw new EngineException(
              Kind.WRONG_STATE, "guest '" + guest.name() + "' is in the middle of nothing");
      default ->
          throw new EngineException(
              Kind.WRONG_STATE,
              "'"
                  + act
                  + "' of guest '"
                  + guest.name()
                  + "' cannot be given up: wait for it, or destroy the guest");
    }
  }

  /**
   * Disks whose last access failed.
   *
   * @return target and what happened: {@code no space} or {@code unspecified error}
   */
  public SequencedMap<String, String> diskErrors() {
    SequencedMap<String, String> errors = new LinkedHashMap<>();
    JsonObject answer = monitor().answer("query-block", Props.empty(), QemuMonitor.QUESTION);
    for (XmlElement disk : disks()) {
      Drives.find(answer.objects("return"), disk.value("alias/@name", ""))
          .map(drive -> drive.string("io-status", "ok"))
          .filter(status -> !status.equals("ok"))
          .ifPresent(status ->
              errors.put(
                  disk.value("target/@dev", ""),
                  status.equals("nospace") ? "no space" : "unspecified error"));
    }
    return errors;
  }

  private List<XmlElement> disks() {
    return guest.life().running().live().copy().childOrAdd("devices").children("disk");
  }

  /**
   * Says from which byte on a write to a disk's image is an event {@code block-threshold}, once.
   *
   * @param word the disk's target such as {@code vda}, or the path of its image
   * @param bytes 0 for never
   */
  public void threshold(String word, long bytes) {
    XmlElement disk = OverlayXml.named(guest.name(), guest.life().running().live(), word);
    String node =
        Drives.find(monitor(), disk.value("alias/@name", ""))
            .map(drive -> drive.object("inserted").string("node-name", ""))
            .filter(name -> !name.isEmpty())
            .orElseThrow(() ->
                new EngineException(
                    Kind.WRONG_STATE,
                    "disk '" + word + "' of guest '" + guest.name() + "' is empty"));
    // what grows is the file below the format
    Props threshold = Props.of("node-name", BlockNodes.storage(node)).put("write-threshold", bytes);
    monitor().ask("block-set-write-threshold", threshold, QemuMonitor.WORK);
  }

  /**
   * Begins to measure how fast the guest writes its memory; {@link #dirtyRate} tells the result.
   *
   * @param time at least a second, at most a minute
   * @param mode {@code page-sampling}, {@code dirty-bitmap} or {@code dirty-ring}
   */
  public void measureDirtyRate(Duration time, String mode) {
    Props how = Props.of("mode", mode).put("calc-time", time.toSeconds());
    monitor().ask("calc-dirty-rate", how, QemuMonitor.QUESTION);
  }

  /** What was measured last, under virsh's names; rates in MiB a second. */
  public SequencedMap<String, Object> dirtyRate() {
    SequencedMap<String, Object> values = new LinkedHashMap<>();
    Optional<JsonObject> found =
        monitor()
            .tryAsk("query-dirty-rate", Props.empty(), QemuMonitor.QUESTION)
            .map(answer -> answer.object("return"));
    if (found.isEmpty()) {
      return values;
    }
    JsonObject rate = found.get();
    // libvirt-domain.h, virDomainDirtyRateStatus
    List<String> states = List.of("unstarted", "measuring", "measured");
    values.put("calc_status", (long) states.indexOf(rate.string("status", "unstarted")));
    values.put("calc_start_time", rate.number("start-time", 0));
    values.put("calc_period", rate.number("calc-time", 0));
    values.put("calc_mode", rate.string("mode", "page-sampling"));
    if (rate.has("dirty-rate")) {
      values.put("megabytes_per_second", rate.number("dirty-rate", 0));
    }
    for (JsonObject processor : rate.objects("vcpu-dirty-rate")) {
      values.put(
          "vcpu." + processor.number("id", 0) + ".megabytes_per_second",
          processor.number("dirty-rate", 0));
    }
    return values;
  }

  /** Interrupts its processors as a fault of the hardware would. */
  public void nonMaskableInterrupt() {
    guest.life().act("inject-nmi", () -> monitor().ask("inject-nmi"));
  }

  /** Wakes it from the sleep that it fell into itself. */
  public void wakeUp() {
    guest.life().act("dompmwakeup", () -> monitor().ask("system_wakeup"));
  }

  /**
   * What a confidential guest is measured by, under virsh's names; empty for any other.
   *
   * @throws EngineException when QEMU has no answer
   */
  public Map<String, String> launchSecurity() {
    Optional<String> type = guest.tree(XmlView.LIVE).value("launchSecurity/@type");
    if (type.isEmpty()) {
      return Map.of();
    }
    Map<String, String> values = new LinkedHashMap<>();
    JsonObject sev = monitor().ask("query-sev");
    values.put("sev-api-major", Long.toString(sev.number("api-major", 0)));
    values.put("sev-api-minor", Long.toString(sev.number("api-minor", 0)));
    values.put("sev-build-id", Long.toString(sev.number("build-id", 0)));
    values.put("sev-policy", Long.toString(sev.number("policy", 0)));
    monitor()
        .tryAsk("query-sev-launch-measure", Props.empty(), QemuMonitor.QUESTION)
        .ifPresent(
            answer -> values.put("sev-measurement", answer.object("return").string("data", "")));
    return values;
  }
}
