package launcher.drivers.qemu.memory;

import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.MemoryBacking;
import launcher.schemas.domain.MemoryDevice;

/** Memory modules on the command line: a back end each, and the device that shows it. */
public final class MemoryModules {
  private MemoryModules() {}

  /** Adds all memory modules. */
  public static void write(Guest guest, CommandLine out) {
    for (MemoryDevice module : guest.devices().memories()) {
      backend(guest, module).write(out, module.element());
      Optional<Props> props =
          switch (module.model()) {
            case "dimm" -> Optional.of(slotted(module, "pc-dimm"));
            case "nvdimm" -> Optional.of(nvdimm(module));
            case "virtio-pmem" -> Optional.of(virtio(guest, module));
            case "virtio-mem" -> Optional.of(virtioMem(guest, module));
            // the machine itself is told of memory for enclaves, see MachineDevices
            default -> Optional.empty();
          };
      props.ifPresent(p -> out.add(module, "-device", p));
    }
  }

  private static MemoryBackend backend(Guest guest, MemoryDevice module) {
    OptionalLong page = module.source().pageBytes();
    MemoryBackend backend =
        MemoryBackend.of(guest, "mem" + module.alias(), module.target().bytes())
            .access(module.access())
            .discard(module.discard())
            .path(module.source().path())
            .fileName(module.alias())
            .hostNodes(module.source().nodes())
            .pageKib(page.isPresent() ? OptionalLong.of(page.getAsLong() / 1024) : page)
            .align(module.source().alignBytes())
            .filled(module.model().equals("nvdimm") && !module.source().persistent())
            .persistent(module.source().persistent());
    module.target().node().ifPresent(backend::cell);
    return switch (module.model()) {
      case "virtio-mem" -> backend.unreserved();
      case "sgx-epc" -> backend.enclave();
      default -> backend;
    };
  }

  private static Props slotted(MemoryDevice module, String driver) {
    Props props =
        Props.of("driver", driver)
            .put("node", module.target().node())
            .put("label-size", module.target().labelBytes())
            .put("uuid", module.uuid());
    if (module.target().readOnly()) {
      props.put("unarmed", true);
    }
    props.put("memdev", "mem" + module.alias()).put("id", module.alias());
    if (module.address().orElse(null) instanceof Address.Dimm place) {
      props.put("slot", place.slot()).put("addr", place.base());
    }
    return props;
  }

  private static Props nvdimm(MemoryDevice module) {
    return slotted(module, "nvdimm");
  }

  private static Props virtio(Guest guest, MemoryDevice module) {
    Props props =
        Virtio.device(guest, module.model(), "", module, Optional.empty())
            .put("memdev", "mem" + module.alias())
            .put("memaddr", module.target().base())
            .put("id", module.alias());
    DeviceAddresses.put(props, guest, module);
    return props;
  }

  private static Props virtioMem(Guest guest, MemoryDevice module) {
    Props props =
        virtio(guest, module)
            .put("node", module.target().node())
            .put("block-size", module.target().blockBytes())
            .put("requested-size", requested(module));
    if (isAllocatedAtOnce(guest, module)) {
      props.put("prealloc", true);
    }
    module.target().dynamicSlots().ifPresent(on -> props.put("dynamic-memslots", on));
    return props;
  }

  // None is what QEMU takes without being told.
  private static OptionalLong requested(MemoryDevice module) {
    OptionalLong bytes = module.target().requestedBytes();
    return bytes.orElse(0) > 0 ? bytes : OptionalLong.empty();
  }

  // Large pages can run out: what is plugged must be there. The back end itself takes none in
  // advance, since most of it may never be plugged.
  private static boolean isAllocatedAtOnce(Guest guest, MemoryDevice module) {
    Optional<MemoryBacking> backing = guest.domain().memoryBacking();
    boolean immediate =
        backing
            .flatMap(MemoryBacking::allocation)
            .flatMap(MemoryBacking.Allocation::mode)
            .filter("immediate"::equals)
            .isPresent();
    return immediate
        || HugepagePlace.find(
                guest,
                module.target().node(),
                module.source().pageBytes().isPresent()
                    ? OptionalLong.of(module.source().pageBytes().getAsLong() / 1024)
                    : OptionalLong.empty())
            .isPresent();
  }
}
