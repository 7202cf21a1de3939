package launcher.drivers.qemu.address;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** The s390 identities of PCI devices, each an own device that points to the other. */
public final class ZpciCommand {
  private ZpciCommand() {}

  /** Adds one for each PCI device that has an identity. */
  public static void write(Guest guest, CommandLine out) {
    for (XmlElement device : guest.tree().childOrAdd("devices").children()) {
      device
          .at("address/zpci")
          .filter(z -> !isAbsent(device))
          .ifPresent(z -> write(out, device, z));
    }
  }

  // a USB controller that is there in name only; memory and other host devices, for
  // which QEMU itself adds the identity
  private static boolean isAbsent(XmlElement device) {
    boolean other = device.name().equals("hostdev") && !device.is("type", "pci");
    if (device.name().equals("memory") || other) {
      return true;
    }
    return device.name().equals("controller") && device.is("type", "usb") && !device.has("model");
  }

  private static void write(CommandLine out, XmlElement device, XmlElement zpci) {
    long uid = Numbers.parse(zpci.attribute("uid", "")).orElse(0);
    out.add(
        device,
        "-device",
        Props.of("driver", "zpci")
            .put("uid", uid)
            .put("fid", Numbers.parse(zpci.attribute("fid", "")).orElse(0))
            .put("target", device.value("alias/@name", ""))
            .put("id", "zpci" + uid));
  }
}
