package launcher.drivers.qemu.machine;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** The guest's clock runs in UTC where nothing else is said. */
public final class ClockCompletion {
  private ClockCompletion() {}

  /** Completes {@code <clock>}. */
  public static void complete(Draft draft) {
    XmlElement clock = draft.domain().childOrAdd("clock");
    clock.setDefault("offset", "utc");
    boolean base = clock.is("offset", "utc") || clock.is("offset", "localtime");
    if (base && Numbers.parse(clock.attribute("adjustment", "")).isPresent()) {
      // so many seconds off one of the two is what "variable" means
      clock.set("basis", clock.attribute("offset", "")).set("offset", "variable");
    }
    clock
        .attribute("adjustment")
        .filter(a -> a.startsWith("+"))
        .ifPresent(a -> clock.set("adjustment", a.substring(1)));
    if (clock.is("offset", "variable")) {
      clock.setDefault("adjustment", "0");
      clock.setDefault("basis", "utc");
    }
  }
}
