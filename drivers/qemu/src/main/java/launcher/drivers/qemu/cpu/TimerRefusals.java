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
    if (clock.is("offset", "timezone") && clock.attribute("timezone", "").isEmpty()) {
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
        // which the machine has not, and shall not have: that is as good as nothing said
        if (!draft.machine().x86() && timer.is("present", "yes")) {
          foreign(draft, timer, name);
        }
      }
      case "armvtimer" -> {
        if (!draft.machine().armVirt() || !draft.type().equals("kvm")) {
          foreign(draft, timer, name);
        } else if (timer.is("present", "no")) {
          draft.refuse(timer, "the 'armvtimer' timer can't be disabled");
        } else if (policy.equals("catchup") || policy.equals("merge")) {
          draft.refuse(timer, "the 'armvtimer' timer has no tickpolicy '%s'".formatted(policy));
        }
      }
      case "hpet" -> {
        if (!draft.machine().x86() && timer.is("present", "yes")) {
          draft.refuse(timer, "hpet timer is not supported by this architecture");
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
        boolean kvm = draft.capabilities().has("kvm-pit", "lost_tick_policy");
        if (policy.equals("merge") || (policy.equals("catchup") && !kvm)) {
          draft.refuse(timer, "unsupported pit tickpolicy '%s'".formatted(policy));
        }
      }
      default -> {
        // the schema knows no others
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
