package launcher.daemon;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.GuestDiskLimits;
import launcher.engine.GuestJobs;
import launcher.engine.GuestState;

/**
 * What QEMU is in the middle of, what its disks meet and may carry, and what is done to it from
 * outside.
 *
 * @param engine the guests
 */
record JobHandlers(Engine engine) implements HandlerFamily {
  private static final long LONGEST_MEASURE = 60;

  /** QEMU's own (block/throttle.h, THROTTLE_VALUE_MAX). */
  private static final long MOST_OF_A_LIMIT = 1_000_000_000_000_000L;

  @Override
  public void register(Handlers handlers) {
    handlers
        .read("domjobinfo", this::job)
        .manage("domjobabort", call -> done(() -> guest(call).jobs().abort()))
        .read("domcontrol", this::control)
        .read("domblkerror", call -> Json.of(guest(call).jobs().diskErrors()))
        .manage("domblkthreshold", this::threshold)
        .manage("domdirtyrate-calc", this::dirtyRate)
        .manage("inject-nmi", call -> done(() -> guest(call).jobs().nonMaskableInterrupt()))
        .manage("dompmwakeup", call -> done(() -> guest(call).jobs().wakeUp()))
        .manage("dompmsuspend", this::sleep)
        .manage("send-process-signal", this::signal)
        .read("domlaunchsecinfo", call -> Json.of(guest(call).jobs().launchSecurity()))
        .read("blkdeviotune", this::limits)
        .manage("set-blkdeviotune", this::limit);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  private Json job(Call call) {
    GuestJobs.Job job = guest(call).jobs().now();
    return Json.object("operation", job.operation(), "numbers", job.numbers());
  }

  /** Whether it can be told anything now. */
  private Json control(Call call) {
    Guest guest = guest(call);
    GuestState state = guest.state();
    guest.requireRunning();
    String busy = guest.busy();
    String words = !state.answering() ? "error" : busy.isEmpty() ? "ok" : "job";
    return Json.object("state", words, "act", Optional.of(busy).filter(act -> !act.isEmpty()));
  }

  private Json threshold(Call call) {
    Members said = call.arguments();
    long bytes = Amounts.count(said, "bytes", Long.MAX_VALUE).orElse(0L);
    guest(call).jobs().threshold(said.text("device"), bytes);
    return Json.object();
  }

  private Json dirtyRate(Call call) {
    Members said = call.arguments();
    long seconds = Amounts.count(said, "seconds", LONGEST_MEASURE).orElse(1L);
    guest(call)
        .jobs()
        .measureDirtyRate(
            Duration.ofSeconds(Math.max(1, seconds)),
            said.findText("mode").orElse("page-sampling"));
    return Json.object();
  }

  private Json sleep(Call call) {
    guest(call).agent().sleep(call.arguments().text("target"));
    return Json.object();
  }

  private Json signal(Call call) {
    Members said = call.arguments();
    long pid = said.findWhole("pid").orElse(0L);
    long signal = Amounts.count(said, "signal", 64).orElse(0L);
    guest(call).signal(pid, (int) signal);
    return Json.object();
  }

  private Json limits(Call call) {
    Guest guest = guest(call);
    boolean live = ChangeHandlers.look(call, guest);
    String device = call.arguments().text("device");
    Map<String, Object> all = new LinkedHashMap<>(guest.diskLimits().of(device, live));
    all.put(GuestDiskLimits.GROUP, guest.diskLimits().group(device, live));
    return Json.of(all);
  }

  private Json limit(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments().object("limits");
    Map<String, Long> wanted = new LinkedHashMap<>();
    for (String name : GuestDiskLimits.names()) {
      Amounts.count(said, name, MOST_OF_A_LIMIT).ifPresent(value -> wanted.put(name, value));
    }
    guest
        .diskLimits()
        .set(
            call.arguments().text("device"),
            wanted,
            said.findText(GuestDiskLimits.GROUP),
            ChangeHandlers.scope(call, guest));
    return Json.object();
  }
}
