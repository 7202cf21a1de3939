package launcher.drivers.qemu.hostdev;

import java.util.Optional;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Hostdev;
import launcher.schemas.domain.HostdevBackend;

/** Host devices on the command line. */
public final class HostdevCommand {
  private HostdevCommand() {}

  /** Adds all host devices that the guest gets. */
  public static void write(Guest guest, CommandLine out) {
    ScsiHostdevs scsi = ScsiHostdevs.of(guest, out);
    for (Hostdev hostdev : guest.devices().hostdevs()) {
      if (hostdev.address().orElse(null) instanceof Address.Unassigned) {
        continue;
      }
      Optional<Props> props =
          switch (hostdev.backend()) {
            case HostdevBackend.Pci pci -> Optional.of(pci(hostdev, pci));
            case HostdevBackend.Usb usb -> Optional.of(usb(hostdev, usb));
            case HostdevBackend.Scsi device -> Optional.of(scsi.write(hostdev, device));
            case HostdevBackend.Iscsi target -> Optional.of(scsi.write(hostdev, target));
            case HostdevBackend.VhostScsi vhost ->
                Optional.of(vhostScsi(guest, out, hostdev, vhost));
            case HostdevBackend.Mediated mediated -> Optional.of(mediated(hostdev, mediated));
            case HostdevBackend.Other other -> Optional.empty();
          };
      props.ifPresent(p -> {
        p.put("bootindex", hostdev.bootOrder()).put("loadparm", hostdev.loadparm());
        DeviceAddresses.put(p, guest, hostdev);
        out.add(hostdev, "-device", p);
      });
    }
  }

  private static Props pci(Hostdev hostdev, HostdevBackend.Pci pci) {
    Address.Pci a = pci.address();
    String host = "%04x:%02x:%02x.%x".formatted(a.domain(), a.bus(), a.slot(), a.function());
    Props props = Props.of("driver", vfio(hostdev)).put("host", host).put("id", hostdev.alias());
    picture(props, hostdev);
    hostdev.persistentPartner().ifPresent(partner -> props.put("failover_pair_id", partner));
    hostdev
        .rom()
        .ifPresent(rom -> {
          rom.bar().ifPresent(bar -> props.put("rombar", bar.equals("on") ? 1 : 0));
          props.put("romfile", rom.file());
          if (rom.enabled().filter("no"::equals).isPresent()) {
            props.put("romfile", "");
          }
        });
    return props;
  }

  // A framebuffer for the firmware cannot come and go while the guest runs.
  private static String vfio(Hostdev hostdev) {
    return hostdev.ramfb().orElse(false) ? "vfio-pci-nohotplug" : "vfio-pci";
  }

  private static void picture(Props props, Hostdev hostdev) {
    props.put("display", hostdev.display());
    if (hostdev.ramfb().orElse(false)) {
      props.put("ramfb", true);
    }
  }

  private static Props mediated(Hostdev hostdev, HostdevBackend.Mediated device) {
    boolean pci = device.model().equals("vfio-pci");
    Props props =
        Props.of("driver", pci ? vfio(hostdev) : device.model())
            .put("id", hostdev.alias())
            .put("sysfsdev", "/sys/bus/mdev/devices/" + device.uuid());
    if (pci) {
      picture(props, hostdev);
    }
    return props;
  }

  private static Props usb(Hostdev hostdev, HostdevBackend.Usb usb) {
    Props props = Props.of("driver", "usb-host");
    if (usb.bus().isPresent() && usb.device().isPresent()) {
      props.put(
          "hostdevice",
          "/dev/bus/usb/%03d/%03d".formatted(usb.bus().getAsInt(), usb.device().getAsInt()));
    } else {
      props.put("vendorid", usb.vendor()).put("productid", usb.product());
    }
    usb.guestReset()
        .ifPresent(reset -> {
          props.put("guest-reset", !reset.equals("off"));
          if (!reset.equals("off")) {
            props.put("guest-resets-all", reset.equals("on"));
          }
        });
    return props.put("id", hostdev.alias());
  }

  private static Props vhostScsi(
      Guest guest, CommandLine out, Hostdev hostdev, HostdevBackend.VhostScsi vhost) {
    int descriptor = out.pass("open /dev/vhost-scsi");
    return Virtio.device(guest, "vhost-scsi", hostdev.model(), hostdev, Optional.empty())
        .put("wwpn", vhost.wwpn())
        .put("vhostfd", Integer.toString(descriptor))
        .put("id", hostdev.alias());
  }
}
