package launcher.drivers.qemu.devices;

import java.util.Optional;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.CharBackend;
import launcher.schemas.domain.Shmem;

/** {@code <shmem>}: memory shared with other guests and programs. */
final class SharedMemory {
  /** All of them. */
  static final CommandSection SECTION = SharedMemory::write;

  /** Size where the XML does not say: 4 MiB. */
  private static final long SIZE = 4L << 20;

  private SharedMemory() {}

  private static void write(Guest guest, CommandLine out) {
    for (Shmem shmem : guest.devices().shmems()) {
      Props props = shmem.hasServer() ? doorbell(guest, out, shmem) : plain(out, shmem);
      if (!shmem.hasServer()) {
        shmem.role().ifPresent(role -> props.put("master", role.equals("master")));
      }
      DeviceAddresses.put(props, guest, shmem);
      out.add(shmem, "-device", props);
    }
  }

  private static Props plain(CommandLine out, Shmem shmem) {
    String memory = "shmmem-" + shmem.alias();
    out.add(
        shmem,
        "-object",
        Props.of("qom-type", "memory-backend-file")
            .put("id", memory)
            .put("mem-path", "/dev/shm/" + shmem.name())
            .put("size", shmem.sizeBytes().orElse(SIZE))
            .put("share", true));
    return Props.of("driver", "ivshmem-plain").put("id", shmem.alias()).put("memdev", memory);
  }

  private static Props doorbell(Guest guest, CommandLine out, Shmem shmem) {
    String chardev = "char" + shmem.alias();
    String socket = shmem.serverPath().orElse("/var/lib/libvirt/shmem-" + shmem.name() + "-sock");
    ChardevOptions.add(
        guest,
        out,
        shmem,
        chardev,
        new CharBackend.Unix(false, Optional.of(socket), Optional.empty()),
        Optional.empty(),
        ChardevOptions.Use.PLAIN);
    Props props =
        Props.of("driver", "ivshmem-doorbell").put("id", shmem.alias()).put("chardev", chardev);
    props.put("vectors", shmem.msiVectors());
    props.truth("ioeventfd", shmem.msiIoeventfd());
    return props;
  }
}
