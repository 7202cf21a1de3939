package launcher.drivers.qemu.memory;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.schemas.domain.NumaTune;

/**
 * On which nodes of the host a part of memory is kept, and how strictly.
 *
 * @param cell the guest's node, none for all memory
 * @param hostNodes what is said of this part itself
 */
record MemoryNodes(Guest guest, OptionalLong cell, Optional<String> hostNodes) {
  /** QEMU's own threads are kept to CPUs that may be elsewhere than the memory's nodes. */
  boolean pinned() {
    return guest.tree().value("vcpu/@cpuset").isPresent()
        || guest.tree().at("cputune/emulatorpin").isPresent();
  }

  private Optional<NumaTune.MemNode> ownNode() {
    return guest
        .domain()
        .numaTune()
        .flatMap(t ->
            t.memnodes().stream()
                .filter(n -> cell.isPresent() && n.cellid().equals(cell))
                .findFirst());
  }

  /** The host nodes the memory comes from, none for any. */
  Optional<String> set() {
    Optional<NumaTune.Memory> all = guest.domain().numaTune().flatMap(NumaTune::memory);
    return hostNodes
        .or(() -> ownNode().flatMap(NumaTune.MemNode::nodeset))
        .or(() -> all.flatMap(NumaTune.Memory::nodeset))
        .or(() ->
            all.flatMap(NumaTune.Memory::placement)
                .filter("auto"::equals)
                .map(p -> guest.host().numaNodes()));
  }

  /** The numbers of these nodes. */
  List<Integer> list() {
    return CpuSet.parse(set().orElse("")).stream().boxed().toList();
  }

  /** None for restrictive memory: the kernel's cpuset does that. */
  Optional<String> policy() {
    String mode =
        ownNode()
            .flatMap(NumaTune.MemNode::mode)
            .or(() ->
                guest.domain().numaTune().flatMap(NumaTune::memory).flatMap(NumaTune.Memory::mode))
            .orElse("strict");
    return switch (mode) {
      case "restrictive" -> Optional.empty();
      case "preferred" -> Optional.of("preferred");
      case "interleave" -> Optional.of("interleave");
      default -> Optional.of("bind");
    };
  }
}
