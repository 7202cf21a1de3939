package launcher.drivers.qemu.machine;

import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** The guest's clock runs in UTC where nothing else is said. */
public final class ClockCompletion {
  private ClockCompletion() {}

  /** Completes {@code <clock>}. */
  public static void complete(Draft draft) {
    XmlElement clock = draft.domain().childOrAdd("clock");
    clock.setDefault("offset", "utc");
    if (clock.is("offset", "variable")) {
      clock.setDefault("adjustment", "0");
      clock.setDefault("basis", "utc");
    }
  }
}
