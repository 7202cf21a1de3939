package launcher.drivers.qemu.devices;

import java.util.Optional;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.CharBackend;
import launcher.schemas.domain.Tpm;

/** {@code <tpm>}: trusted platform modules. */
final class TrustedModules {
  /** All of them. */
  static final CommandSection SECTION = TrustedModules::write;

  private static final String CHARDEV = "chrtpm";

  private TrustedModules() {}

  private static void write(Guest guest, CommandLine out) {
    for (Tpm tpm : guest.devices().tpms()) {
      if (tpm.model().equals("spapr-tpm-proxy")) {
        proxy(out, tpm);
      } else {
        module(guest, out, tpm);
      }
    }
  }

  // The hypervisor's own module is only passed on; there is no back end.
  private static void proxy(CommandLine out, Tpm tpm) {
    String device =
        tpm.backend() instanceof Tpm.Backend.Passthrough host ? host.device() : "/dev/tpmrm0";
    out.add(
        tpm,
        "-device",
        Props.of("driver", "spapr-tpm-proxy").put("id", tpm.alias()).put("host-path", device));
  }

  private static void module(Guest guest, CommandLine out, Tpm tpm) {
    String backend = "tpm-" + tpm.alias();
    out.add(tpm, "-tpmdev", backend(guest, out, tpm, backend).text("type"));
    Props props =
        Props.of("driver", driver(guest, tpm)).put("tpmdev", backend).put("id", tpm.alias());
    DeviceAddresses.put(props, guest, tpm);
    out.add(tpm, "-device", props);
  }

  // The interface on a board without ISA is a device of the system bus.
  private static String driver(Guest guest, Tpm tpm) {
    return tpm.model().equals("tpm-tis") && !guest.machine().x86() ? "tpm-tis-device" : tpm.model();
  }

  private static Props backend(Guest guest, CommandLine out, Tpm tpm, String id) {
    return switch (tpm.backend()) {
      case Tpm.Backend.Passthrough host -> {
        String device = passed(out, tpm, host.device());
        yield Props.of("type", "passthrough")
            .put("id", id)
            .put("path", device)
            .put("cancel-path", passed(out, tpm, cancelFile(host.device())));
      }
      case Tpm.Backend.Emulator ignored ->
          emulator(guest, out, tpm, id, TpmSockets.path(guest.host(), guest.domain().name()));
      case Tpm.Backend.External external ->
          emulator(
              guest,
              out,
              tpm,
              id,
              external.source() instanceof CharBackend.Unix unix ? unix.path().orElse("") : "");
    };
  }

  private static Props emulator(Guest guest, CommandLine out, Tpm tpm, String id, String socket) {
    ChardevOptions.add(
        guest,
        out,
        tpm,
        CHARDEV,
        new CharBackend.Unix(false, Optional.of(socket), Optional.empty()),
        Optional.empty(),
        ChardevOptions.Use.PLAIN);
    return Props.of("type", "emulator").put("id", id).put("chardev", CHARDEV);
  }

  private static String passed(CommandLine out, Tpm tpm, String path) {
    int descriptor = out.pass("open " + path);
    out.add(tpm, "-add-fd", "set=" + descriptor + ",fd=" + descriptor);
    return "/dev/fdset/" + descriptor;
  }

  /** The kernel's file that stops a command of the module (Linux 4.0 and later). */
  private static String cancelFile(String device) {
    return "/sys/class/tpm/" + device.substring(device.lastIndexOf('/') + 1) + "/device/cancel";
  }
}
