package launcher.drivers.qemu.pipeline;

import java.util.ArrayList;
import java.util.List;
import launcher.drivers.qemu.command.Guest;
import launcher.schemas.domain.Graphics;

/** What a guest tells QEMU by variables, where QEMU has no option for it. */
final class HostEnvironment {
  private HostEnvironment() {}

  static List<String> of(Guest guest) {
    List<String> variables = new ArrayList<>();
    guest
        .domain()
        .clock()
        .filter(c -> c.offset().filter("timezone"::equals).isPresent())
        .flatMap(c -> c.timezone())
        .ifPresent(zone -> variables.add("TZ=" + zone));
    for (Graphics graphics : guest.devices().graphics()) {
      if (graphics.type().equals("sdl")) {
        graphics.xauth().ifPresent(file -> variables.add("XAUTHORITY=" + file));
        graphics.display().ifPresent(display -> variables.add("DISPLAY=" + display));
      }
    }
    return variables;
  }
}
