package launcher.drivers.qemu.devices;

import java.util.List;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Crypto;
import launcher.schemas.domain.Device;
import launcher.schemas.domain.Memballoon;
import launcher.schemas.domain.Nvram;
import launcher.schemas.domain.Panic;
import launcher.schemas.domain.Pstore;
import launcher.schemas.domain.Vsock;

/** Devices of which one argument or two are all. */
final class SmallDevices {
  /** Each kind. */
  static final List<CommandSection> SECTIONS =
      List.of(
          SmallDevices::balloon,
          SmallDevices::nvram,
          SmallDevices::panics,
          SmallDevices::vsock,
          SmallDevices::cryptos,
          SmallDevices::pstore);

  private SmallDevices() {}

  private static void balloon(Guest guest, CommandLine out) {
    for (Memballoon balloon : guest.devices().memballoons()) {
      if (balloon.model().equals("none")) {
        continue;
      }
      Props props =
          Virtio.device(guest, "virtio-balloon", balloon.model(), balloon, balloon.driver())
              .put("id", balloon.alias());
      props.truth("deflate-on-oom", balloon.autodeflate());
      props.truth("free-page-reporting", balloon.freePageReporting());
      add(guest, out, balloon, props);
    }
  }

  private static void nvram(Guest guest, CommandLine out) {
    for (Nvram nvram : guest.devices().nvrams()) {
      if (nvram.address().orElse(null) instanceof Address.SpaprVio vio) {
        out.add(
            nvram, "-global", "spapr-nvram.reg=0x" + Long.toHexString(vio.reg().orElse(0x3000)));
      }
    }
  }

  private static void panics(Guest guest, CommandLine out) {
    for (Panic panic : guest.devices().panics()) {
      switch (panic.model()) {
        case "isa" -> {
          Props props = Props.of("driver", "pvpanic");
          if (panic.address().orElse(null) instanceof Address.Isa isa) {
            props.put("ioport", isa.iobase());
          }
          out.add(panic, "-device", props);
        }
        case "pvpanic" -> add(guest, out, panic, Props.of("driver", "pvpanic-pci"));
        default -> {
          // the others are part of the processor or of the machine
        }
      }
    }
  }

  private static void vsock(Guest guest, CommandLine out) {
    for (Vsock vsock : guest.devices().vsocks()) {
      Props props =
          Virtio.device(guest, "vhost-vsock", vsock.model(), vsock, vsock.driver())
              .put("id", vsock.alias())
              .put("guest-cid", vsock.cid())
              .put("vhostfd", Integer.toString(out.pass("vsock " + vsock.alias())));
      add(guest, out, vsock, props);
    }
  }

  private static void cryptos(Guest guest, CommandLine out) {
    for (Crypto crypto : guest.devices().cryptos()) {
      String object = "obj" + crypto.alias();
      out.add(
          crypto,
          "-object",
          Props.of("qom-type", "cryptodev-backend-" + crypto.backend())
              .put("id", object)
              .put("queues", crypto.queues()));
      add(
          guest,
          out,
          crypto,
          Virtio.device(guest, "virtio-crypto", "virtio", crypto, crypto.driver())
              .put("cryptodev", object)
              .put("id", crypto.alias()));
    }
  }

  private static void pstore(Guest guest, CommandLine out) {
    for (Pstore pstore : guest.devices().pstores()) {
      String memory = "mem" + pstore.alias();
      out.add(
          pstore,
          "-object",
          Props.of("qom-type", "memory-backend-file")
              .put("id", memory)
              .put("mem-path", pstore.path())
              .put("size", pstore.sizeBytes())
              .put("share", true));
      add(
          guest,
          out,
          pstore,
          Props.of("driver", "acpi-erst").put("id", pstore.alias()).put("memdev", memory));
    }
  }

  private static void add(Guest guest, CommandLine out, Device device, Props props) {
    DeviceAddresses.put(props, guest, device);
    out.add(device, "-device", props);
  }
}
