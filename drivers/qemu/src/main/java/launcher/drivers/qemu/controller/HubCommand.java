package launcher.drivers.qemu.controller;

import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Hub;

/** USB hubs on the command line: before the devices that are plugged into them. */
public final class HubCommand {
  private HubCommand() {}

  /** Adds all hubs. */
  public static void write(Guest guest, CommandLine out) {
    for (Hub hub : guest.devices().hubs()) {
      Props props = Props.of("driver", "usb-hub").put("id", hub.alias());
      DeviceAddresses.put(props, guest, hub);
      out.add(hub, "-device", props);
    }
  }
}
