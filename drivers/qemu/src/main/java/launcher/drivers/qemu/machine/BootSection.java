package launcher.drivers.qemu.machine;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.memory.GuestMemory;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Features;
import launcher.schemas.domain.Os;
import launcher.schemas.domain.Pm;

/** {@code -boot}, kernel, ACPI tables, sleep states and SMBIOS. */
public final class BootSection {

  private BootSection() {}

  private static XmlElement origin(Guest guest) {
    return guest.tree().child("os").orElse(guest.tree());
  }

  /** Writes how the firmware boots; which device is first is said at the devices. */
  public static void boot(Guest guest, CommandLine out) {
    Props boot = Props.empty();
    Optional<Os> os = guest.domain().os();
    os.flatMap(Os::bootmenu)
        .flatMap(Os.BootMenu::enable)
        .ifPresent(e -> boot.put("menu", e.equals("yes")));
    os.flatMap(Os::bootmenu)
        .filter(m -> m.enable().filter("yes"::equals).isPresent())
        .ifPresent(m -> boot.put("splash-time", m.timeout()));
    os.flatMap(Os::bios)
        .flatMap(Os.Bios::rebootTimeout)
        .ifPresent(t -> boot.put("reboot-timeout", t));
    boot.put("strict", true);
    out.add(origin(guest), "-boot", boot.text(""));
  }

  /** Whether the firmware's own output goes to a serial port. */
  static boolean onSerial(Guest guest) {
    return guest
        .domain()
        .os()
        .flatMap(Os::bios)
        .flatMap(Os.Bios::useserial)
        .filter("yes"::equals)
        .isPresent();
  }

  /** Writes a kernel to boot directly. */
  public static void kernel(Guest guest, CommandLine out) {
    Optional<Os> os = guest.domain().os();
    XmlElement origin = origin(guest);
    os.flatMap(Os::kernel).ifPresent(k -> out.add(origin, "-kernel", k));
    os.flatMap(Os::initrd).ifPresent(i -> out.add(origin, "-initrd", i));
    os.flatMap(Os::cmdline).ifPresent(c -> out.add(origin, "-append", c));
    os.flatMap(Os::dtb).ifPresent(d -> out.add(origin, "-dtb", d));
    os.flatMap(Os::shim).ifPresent(s -> out.add(origin, "-shim", s));
  }

  /** Writes the user's own ACPI tables. */
  public static void tables(Guest guest, CommandLine out) {
    for (Os.Table table :
        guest.domain().os().flatMap(Os::acpi).map(Os.Acpi::tables).orElse(List.of())) {
      String type = table.type().orElse("slic");
      Props option = Props.empty();
      if (type.equals("slic") || type.equals("msdm")) {
        option.put("sig", type.equals("slic") ? "SLIC" : "MSDM");
      }
      String key = type.equals("rawset") ? "data" : "file";
      out.add(table, "-acpitable", option.put(key, table.path()).text(""));
    }
  }

  /** Writes how much memory system management mode has. */
  public static void managementMemory(Guest guest, CommandLine out) {
    guest
        .domain()
        .features()
        .flatMap(Features::smm)
        .filter(s -> !s.state().filter("off"::equals).isPresent())
        .flatMap(Features.Smm::tseg)
        .ifPresent(t ->
            GuestMemory.kib(t.size(), t.unit())
                .ifPresent(kib -> out.add(t, "-global", "mch.extended-tseg-mbytes=" + kib / 1024)));
  }

  /** Writes which sleep states the chipset offers. */
  public static void sleep(Guest guest, CommandLine out) {
    String chipset = guest.machine().q35() ? "ICH9-LPC" : "PIIX4_PM";
    if (!guest.machine().q35() && !guest.machine().i440fx()) {
      return;
    }
    Optional<Pm> pm = guest.domain().pm();
    pm.flatMap(Pm::suspendToMem).ifPresent(s -> state(s, chipset + ".disable_s3", out));
    pm.flatMap(Pm::suspendToDisk).ifPresent(s -> state(s, chipset + ".disable_s4", out));
  }

  private static void state(Pm.Switch state, String property, CommandLine out) {
    state
        .enabled()
        .ifPresent(e -> out.add(state, "-global", property + "=" + (e.equals("yes") ? 0 : 1)));
  }
}
