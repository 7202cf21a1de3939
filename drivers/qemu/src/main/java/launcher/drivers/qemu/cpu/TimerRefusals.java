package launcher.drivers.qemu.cpu;

import java.util.List;
import java.util.Map;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Timers that cannot be, and what a timer of a kind cannot be told. */
final class TimerRefusals {
  /** What each timer takes beside its presence. */
  private static final Map<String, Set<String>> SETTINGS =
      Map.of(
          "rtc", Set.of("track", "tickpolicy"),
          "pit", Set.of("tickpolicy"),
          "hpet", Set.of("tickpolicy"),
          "tsc", Set.of("frequency", "mode", "tickpolicy"),
          "armvtimer", Set.of("tickpolicy"),
          "kvmclock", Set.of(),
          "hypervclock", Set.of());

  private TimerRefusals() {}

  static void check(Draft draft) {
    XmlElement clock = draft.domain().child("clock").orElse(XmlElement.of("clock"));
    if (clock.is("offset", "timezone") && !clock.has("timezone")) {
      draft.refuse(clock, "missing 'timezone' attribute for clock with offset='timezone'");
    }
    for (XmlElement timer : clock.children("timer")) {
      String name = timer.attribute("name", "");
      for (String setting : List.of("track", "tickpolicy", "frequency", "mode")) {
        if (timer.has(setting) && !SETTINGS.getOrDefault(name, Set.of(setting)).contains(setting)) {
          draft.refuse(
              timer, "timer '%s' doesn't support setting of timer %s".formatted(name, setting));
        }
      }
      kind(draft, timer, name);
    }
  }

  private static void kind(Draft draft, XmlElement timer, String name) {
    String policy = timer.attribute("tickpolicy", "");
    switch (name) {
      case "platform" -> draft.refuse(timer, "unsupported timer type (name) 'platform'");
      case "kvmclock", "hypervclock", "tsc" -> {
        if (!draft.machine().x86()) {
          foreign(draft, timer, name);
        }
      }
      case "armvtimer" -> {
        if (!draft.machine().arm()) {
          foreign(draft, timer, name);
        }
      }
      case "rtc" -> {
        if (policy.equals("merge") || policy.equals("discard")) {
          draft.refuse(timer, "unsupported rtc timer tickpolicy '%s'".formatted(policy));
        }
        if (timer.is("track", "boot")) {
          draft.refuse(timer, "unsupported rtc timer track 'boot'");
        }
      }
      case "pit" -> {
        if (policy.equals("merge")) {
          draft.refuse(timer, "unsupported pit tickpolicy 'merge'");
        }
      }
      default -> {
        // hpet: present or not
      }
    }
  }

  private static void foreign(Draft draft, XmlElement timer, String name) {
    draft.refuse(
        timer,
        "configuring the '%s' timer is not supported for virtType=%s arch=%s machine=%s guests"
            .formatted(name, draft.type(), draft.machine().arch(), draft.machine().name()));
  }
}
