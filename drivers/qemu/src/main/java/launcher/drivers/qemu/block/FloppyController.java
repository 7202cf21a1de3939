package launcher.drivers.qemu.block;

import java.util.List;
import java.util.OptionalInt;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Disk;

/** The floppy controller: part of old PCs, a device on newer ones; it knows the boot order. */
final class FloppyController {
  private FloppyController() {}

  static void write(Guest guest, CommandLine out) {
    List<Disk> floppies =
        guest.devices().disks().stream().filter(d -> d.target().bus().equals("fdc")).toList();
    if (floppies.isEmpty()) {
      return;
    }
    Props props = Props.of("driver", "isa-fdc");
    for (Disk floppy : floppies) {
      OptionalInt order = floppy.bootOrder();
      props.put("bootindex" + (unit(floppy) == 0 ? "A" : "B"), order);
      if (!isDevice(guest.machine()) && order.isPresent()) {
        String key = "isa-fdc.bootindex" + (unit(floppy) == 0 ? "A" : "B");
        out.add(floppy, "-global", key + "=" + order.getAsInt());
      }
    }
    if (isDevice(guest.machine())) {
      out.add(floppies.getFirst(), "-device", props);
    }
  }

  private static int unit(Disk floppy) {
    return floppy.address().orElse(null) instanceof Address.Drive drive ? drive.unit() : 0;
  }

  // Q35 machines have had none of their own since version 2.4.
  private static boolean isDevice(Machine machine) {
    return machine.q35() && !machine.name().matches("pc-q35-(1\\.\\d+|2\\.[0-3])");
  }
}
