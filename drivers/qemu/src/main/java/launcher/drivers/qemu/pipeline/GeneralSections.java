package launcher.drivers.qemu.pipeline;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.QemuNamespace;
import launcher.drivers.qemu.cpu.CpuSection;
import launcher.drivers.qemu.cpu.CpuTopologySection;
import launcher.drivers.qemu.firmware.FirmwareSection;
import launcher.drivers.qemu.machine.BootSection;
import launcher.drivers.qemu.machine.LaunchSecuritySection;
import launcher.drivers.qemu.machine.MachineClock;
import launcher.drivers.qemu.machine.MachineSection;
import launcher.drivers.qemu.machine.SysinfoSection;
import launcher.drivers.qemu.memory.GuestMemory;
import launcher.drivers.qemu.memory.NumaSection;
import launcher.schemas.domain.Features;

/** The options that stand before and after those of the devices. */
final class GeneralSections {
  static final List<CommandSection> BEFORE_DEVICES =
      List.of(
          GeneralSections::name,
          FirmwareSection::blockNodes,
          MachineSection::machine,
          MachineSection::accelerator,
          CpuSection::write,
          FirmwareSection::image,
          GuestMemory::write,
          GuestMemory::locking,
          CpuTopologySection::topology,
          CpuTopologySection::ioThreads,
          NumaSection::write,
          GeneralSections::uuid,
          SysinfoSection::write,
          GeneralSections::noDisplay,
          GeneralSections::monitor,
          MachineClock::rtc,
          MachineClock::intervalTimer,
          GeneralSections::lifecycle,
          BootSection::managementMemory,
          BootSection::sleep,
          BootSection::boot,
          BootSection::kernel,
          BootSection::tables);

  static final List<CommandSection> AFTER_DEVICES =
      List.of(
          GeneralSections::smallDevices,
          LaunchSecuritySection::write,
          GeneralSections::asyncTeardown,
          QemuNamespace::arguments,
          GeneralSections::sandbox);

  private GeneralSections() {}

  private static void name(Guest guest, CommandLine out) {
    out.add(
        guest.tree(),
        "-name",
        "guest=" + Props.escape(guest.domain().name()) + ",debug-threads=on");
    out.always("-S");
    QemuNamespace.deprecation(guest, out);
  }

  private static void uuid(Guest guest, CommandLine out) {
    guest.domain().uuid().ifPresent(u -> out.add(guest.tree(), "-uuid", u));
  }

  private static void noDisplay(Guest guest, CommandLine out) {
    if (guest.devices().graphics().isEmpty()) {
      out.always("-display", "none");
    }
  }

  /** The monitor is a listening socket that is opened before QEMU is, and inherited. */
  private static void monitor(Guest guest, CommandLine out) {
    out.always("-no-user-config", "-nodefaults");
    int socket = out.pass("monitor");
    out.always("-chardev", "socket,id=charmonitor,fd=" + socket + ",server=on,wait=off");
    out.always("-mon", "chardev=charmonitor,id=monitor,mode=control");
  }

  /** QEMU stays when the guest powers off, so that what to do then is decided in one place. */
  private static void lifecycle(Guest guest, CommandLine out) {
    out.always("-no-shutdown");
  }

  private static void smallDevices(Guest guest, CommandLine out) {
    guest
        .domain()
        .genid()
        .ifPresent(g ->
            out.add(
                guest.tree().child("genid").orElse(guest.tree()),
                "-device",
                Props.of("driver", "vmgenid").put("guid", g).put("id", "vmgenid0")));
    Optional<Features.Flag> vmcoreinfo = guest.domain().features().flatMap(Features::vmcoreinfo);
    vmcoreinfo
        .filter(v -> v.state().filter("on"::equals).isPresent())
        .ifPresent(v -> out.add(v, "-device", Props.of("driver", "vmcoreinfo")));
  }

  private static void asyncTeardown(Guest guest, CommandLine out) {
    guest
        .domain()
        .features()
        .flatMap(Features::asyncTeardown)
        .ifPresent(a ->
            a.enabled()
                .ifPresent(e ->
                    out.add(a, "-run-with", "async-teardown=" + (e.equals("yes") ? "on" : "off"))));
  }

  private static void sandbox(Guest guest, CommandLine out) {
    out.always(
        "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
    out.always("-msg", "timestamp=on");
  }
}
