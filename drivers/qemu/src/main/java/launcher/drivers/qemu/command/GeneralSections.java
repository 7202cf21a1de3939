package launcher.drivers.qemu.command;

import java.util.List;

/** The options that stand before and after those of the devices. */
final class GeneralSections {
  static final List<CommandSection> BEFORE_DEVICES = List.of(GeneralSections::name);

  static final List<CommandSection> AFTER_DEVICES = List.of(GeneralSections::sandbox);

  private GeneralSections() {}

  private static void name(Guest guest, CommandLine out) {
    out.add(
        guest.tree(),
        "-name",
        "guest=" + Props.escape(guest.domain().name()) + ",debug-threads=on");
    out.always("-S");
  }

  private static void sandbox(Guest guest, CommandLine out) {
    out.always(
        "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
    out.always("-msg", "timestamp=on");
  }
}
