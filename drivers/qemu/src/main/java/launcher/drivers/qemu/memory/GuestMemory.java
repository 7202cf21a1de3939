package launcher.drivers.qemu.memory;

import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.qemu.capabilities.MachineType;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.MemoryBacking;
import launcher.schemas.domain.Numbers;

/** {@code -m} and the memory of a guest without NUMA cells. */
public final class GuestMemory {
  private GuestMemory() {}

  /** An amount with its unit in KiB, rounded up; KiB where no unit is said. */
  public static Optional<Long> kib(String amount, Optional<String> unit) {
    OptionalLong bytes = Numbers.bytes(amount, unit.orElse("KiB"), "KiB");
    return bytes.isPresent() ? Optional.of((bytes.getAsLong() + 1023) / 1024) : Optional.empty();
  }

  /** The id that the machine's RAM must have, where it is not split into cells. */
  public static Optional<String> systemMemoryId(Guest guest) {
    return guest.cells().isEmpty()
        ? guest
            .capabilities()
            .machine(guest.domain().type(), guest.machine().name())
            .flatMap(MachineType::defaultRamId)
        : Optional.empty();
  }

  /** Writes the amount of memory and the RAM of a guest without cells. */
  public static void write(Guest guest, CommandLine out) {
    XmlElement origin = guest.tree().childOrAdd("memory");
    Props size = Props.of("size", MemorySizes.initialKib(guest.tree()) + "k");
    guest
        .domain()
        .maxMemory()
        .ifPresent(m -> {
          size.put("slots", m.slots());
          size.put("maxmem", m.amount() + "k");
        });
    out.add(origin, "-m", size.text(""));
    systemMemoryId(guest)
        .ifPresent(id -> {
          MemoryBackend backend = MemoryBackend.ofSystem(guest, id);
          backend.write(out, origin);
        });
  }

  /** Whether all memory is allocated before the guest runs. */
  static boolean immediate(Guest guest) {
    return guest
        .domain()
        .memoryBacking()
        .flatMap(MemoryBacking::allocation)
        .flatMap(MemoryBacking.Allocation::mode)
        .filter("immediate"::equals)
        .isPresent();
  }

  /** Writes whether all memory is locked. */
  public static void locking(Guest guest, CommandLine out) {
    boolean locked = guest.domain().memoryBacking().flatMap(MemoryBacking::locked).isPresent();
    out.add(
        guest.tree().child("memoryBacking").orElse(guest.tree()),
        "-overcommit",
        "mem-lock=" + (locked ? "on" : "off"));
  }
}
