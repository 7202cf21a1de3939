package launcher.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.engine.DiskUse;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.GuestAgent;
import launcher.engine.StatisticsWish;

/**
 * Looking and reaching into running guests.
 *
 * @param engine the guests
 */
record InsideHandlers(Engine engine) implements HandlerFamily {
  private static final Duration USUAL_HOLD = Duration.ofMillis(100);
  private static final long MOST_HOLD_MILLIS = Duration.ofMinutes(1).toMillis();

  /** The agent counts nanoseconds in 64 bits: its time ends in the year 2262. */
  private static final long LATEST_SECOND = Long.MAX_VALUE / 1_000_000_000 - 1;

  @Override
  public void register(Handlers handlers) {
    handlers
        .read("domstats", this::statistics)
        .read("dommemstat", call -> Json.of(guest(call).usage().memory()))
        .manage("blockresize", this::resize)
        .manage("screenshot", this::screenshot)
        .manage("send-key", this::sendKeys)
        .manage("qemu-monitor-command", this::monitorCommand)
        .manage("qemu-agent-command", this::agentCommand)
        .manage("guest-ping", this::ping)
        .manage("domtime", this::time)
        .read("domfsinfo", this::fileSystems)
        .read("domblkinfo", this::diskUse)
        .read("ttyconsole", call -> Json.object("path", guest(call).terminal()))
        .manage("dump", this::dump)
        .manage("dommemstat-period", this::period);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  private Json statistics(Call call) {
    List<String> named = call.arguments().texts("guests");
    List<Guest> guests =
        named.isEmpty()
            ? engine.guests().list()
            : named.stream().map(engine.guests()::get).toList();
    StatisticsWish wish =
        new StatisticsWish(
            call.arguments().isTrue("backing"), call.arguments().isTrue("hypervisor"));
    List<Json> rows = new ArrayList<>();
    for (Guest guest : guests) {
      rows.add(
          Json.object(
              "name", guest.name(),
              "persistent", guest.persistent(),
              "stats", guest.statistics(wish)));
    }
    return new Json.Array(rows);
  }

  private Json diskUse(Call call) {
    Guest guest = guest(call);
    Optional<String> wanted = call.arguments().findText("device");
    List<Json> rows = new ArrayList<>();
    for (DiskUse disk : guest.diskUse()) {
      if (wanted.isEmpty() || disk.isCalled(wanted.get())) {
        rows.add(
            Json.object(
                "target", disk.target(),
                "capacity", disk.capacity(),
                "allocation", disk.allocation(),
                "physical", disk.physical()));
      }
    }
    if (rows.isEmpty() && wanted.isPresent()) {
      throw new ControlException(
          Outcome.NOT_FOUND, "guest '" + guest.name() + "' has no disk '" + wanted.get() + "'");
    }
    return new Json.Array(rows);
  }

  private Json dump(Call call) {
    Members said = call.arguments();
    Guest guest = guest(call);
    guest.dump(Path.of(said.text("file")), said.findText("format").orElse("elf"));
    if (said.isTrue("crash")) {
      guest.destroy(false);
    } else if (said.isTrue("reset")) {
      guest.reset();
    }
    return Json.object();
  }

  private Json period(Call call) {
    Guest guest = guest(call);
    Duration period = Amounts.seconds(call.arguments(), "seconds").orElse(Duration.ZERO);
    guest.changes().memoryStatisticsEvery(period, ChangeHandlers.scope(call, guest));
    return Json.object();
  }

  private Json resize(Call call) {
    long bytes = call.arguments().findWhole("bytes").orElse(0L);
    guest(call).resize(call.arguments().text("target"), bytes);
    return Json.object();
  }

  private Json screenshot(Call call) {
    long screen = Amounts.count(call.arguments(), "screen", Integer.MAX_VALUE).orElse(0L);
    byte[] picture = guest(call).monitor().screenshot(screen);
    return Json.object("png", Base64.getEncoder().encodeToString(picture));
  }

  private Json sendKeys(Call call) {
    Members said = call.arguments();
    Duration hold =
        Amounts.count(said, "holdtime", MOST_HOLD_MILLIS)
            .map(Duration::ofMillis)
            .orElse(USUAL_HOLD);
    guest(call).monitor().sendKeys(said.texts("keys"), hold);
    return Json.object();
  }

  private Json monitorCommand(Call call) {
    String command = call.arguments().text("command");
    boolean human = call.arguments().isTrue("hmp");
    return Json.object(
        "answer",
        human
            ? guest(call).monitor().humanCommand(command)
            : guest(call).monitor().command(command));
  }

  private Json agentCommand(Call call) {
    Members said = call.arguments();
    GuestAgent agent = guest(call).agent();
    Optional<Duration> patience = Amounts.seconds(said, "timeout");
    String command = said.text("command");
    return Json.object(
        "answer",
        patience.isPresent() ? agent.command(command, patience.get()) : agent.command(command));
  }

  private Json ping(Call call) {
    guest(call).agent().ping();
    return Json.object();
  }

  private Json time(Call call) {
    Members said = call.arguments();
    GuestAgent agent = guest(call).agent();
    if (said.isTrue("sync")) {
      agent.timeOfHardware();
      return Json.object();
    }
    Optional<Instant> wanted =
        said.isTrue("now")
            ? Optional.of(Instant.now())
            : Amounts.count(said, "time", LATEST_SECOND).map(Instant::ofEpochSecond);
    if (wanted.isPresent()) {
      agent.time(wanted.get());
      return Json.object();
    }
    Instant now = agent.time();
    return Json.object("seconds", now.getEpochSecond(), "nanos", now.getNano());
  }

  private Json fileSystems(Call call) {
    return Json.of(
        guest(call).agent().fileSystems().stream()
            .map(mounted ->
                Map.of(
                    "mountpoint", mounted.mountPoint(),
                    "name", mounted.name(),
                    "type", mounted.type(),
                    "targets", mounted.disks()))
            .toList());
  }
}
