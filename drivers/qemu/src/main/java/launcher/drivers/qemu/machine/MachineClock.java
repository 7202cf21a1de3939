package launcher.drivers.qemu.machine;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Clock;
import launcher.schemas.domain.Numbers;

/** {@code -rtc} and the timers that are not part of the CPU. */
public final class MachineClock {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private MachineClock() {}

  private static Optional<Clock.Timer> timer(Guest guest, String name) {
    return guest
        .domain()
        .clock()
        .flatMap(c ->
            c.timers().stream().filter(t -> t.name().filter(name::equals).isPresent()).findFirst());
  }

  static void hpet(Guest guest, Props machine) {
    if (guest.capabilities().option("machine", "hpet") || guest.machine().x86()) {
      machine.onOff("hpet", timer(guest, "hpet").flatMap(Clock.Timer::present));
    }
  }

  /** Writes the real-time clock. */
  public static void rtc(Guest guest, CommandLine out) {
    Props rtc = Props.of("base", guest.domain().clock().map(c -> base(guest, c)).orElse("utc"));
    Optional<Clock.Timer> timer = timer(guest, "rtc");
    timer
        .flatMap(Clock.Timer::track)
        .ifPresent(t -> {
          switch (t) {
            case "boot" -> rtc.put("clock", "vm");
            case "guest" -> rtc.put("clock", "vm");
            case "realtime" -> rtc.put("clock", "rt");
            default -> rtc.put("clock", "host");
          }
        });
    timer
        .flatMap(Clock.Timer::tickpolicy)
        .ifPresent(p -> {
          switch (p) {
            case "catchup" -> rtc.put("driftfix", "slew");
            default -> {
              // delay is what QEMU does by itself
            }
          }
        });
    out.add(guest.tree().child("clock").orElse(guest.tree()), "-rtc", rtc.text(""));
  }

  private static String base(Guest guest, Clock clock) {
    return switch (clock.offset().orElse("utc")) {
      case "localtime", "timezone" -> "localtime";
      case "variable" -> MOMENT.format(variable(guest, clock));
      case "absolute" -> MOMENT.format(Instant.ofEpochSecond(clock.start().orElse(0)));
      default ->
          numeric(clock.adjustment()).isPresent()
              ? MOMENT.format(now(guest).plus(seconds(clock)))
              : "utc";
    };
  }

  private static Instant now(Guest guest) {
    return Instant.ofEpochSecond(guest.host().nowSeconds());
  }

  private static OptionalLong numeric(Optional<String> adjustment) {
    return Numbers.parse(adjustment.orElse(null));
  }

  private static Duration seconds(Clock clock) {
    return Duration.ofSeconds(numeric(clock.adjustment()).orElse(0));
  }

  private static Instant variable(Guest guest, Clock clock) {
    Instant now = now(guest).plus(seconds(clock));
    boolean local = clock.basis().filter("localtime"::equals).isPresent();
    return local ? now.plusSeconds(guest.host().utcOffsetSeconds()) : now;
  }

  /** Writes what the programmable interval timer does with missed ticks. */
  public static void intervalTimer(Guest guest, CommandLine out) {
    Optional<Clock.Timer> pit = timer(guest, "pit");
    pit.map(t -> t.tickpolicy().orElse("delay"))
        .filter(p -> guest.capabilities().has("kvm-pit", "lost_tick_policy"))
        .ifPresent(p -> {
          if (p.equals("delay") || p.equals("discard")) {
            out.add(pit.get().element(), "-global", "kvm-pit.lost_tick_policy=" + p);
          }
        });
  }
}
