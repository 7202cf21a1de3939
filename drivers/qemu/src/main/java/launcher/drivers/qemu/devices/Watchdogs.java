package launcher.drivers.qemu.devices;

import java.util.List;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Watchdog;

/** Watchdogs and what happens when one barks, which is the same for all. */
final class Watchdogs {
  /** All watchdogs. */
  static final CommandSection SECTION = Watchdogs::write;

  private Watchdogs() {}

  private static void write(Guest guest, CommandLine out) {
    List<Watchdog> watchdogs = guest.devices().watchdogs();
    for (Watchdog watchdog : watchdogs) {
      // the one in the chipset is there anyway; it is only let bark
      if (watchdog.model().equals("itco")) {
        out.add(watchdog, "-global", "ICH9-LPC.noreboot=off");
        continue;
      }
      Props props = Props.of("driver", watchdog.model()).put("id", watchdog.alias());
      DeviceAddresses.put(props, guest, watchdog);
      out.add(watchdog, "-device", props);
    }
    if (!watchdogs.isEmpty()) {
      Watchdog first = watchdogs.getFirst();
      out.add(first, "-watchdog-action", action(first.action()));
    }
  }

  // QEMU cannot dump by itself: it pauses, and the launcher dumps and goes on.
  private static String action(String action) {
    return action.equals("dump") ? "pause" : action;
  }
}
