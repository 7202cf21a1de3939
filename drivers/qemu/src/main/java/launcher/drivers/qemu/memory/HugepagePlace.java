package launcher.drivers.qemu.memory;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.cpu.CpuSet;
import launcher.drivers.qemu.host.QemuHost.HugepageMount;
import launcher.schemas.domain.MemoryBacking;
import launcher.schemas.domain.MemoryBacking.Page;

/**
 * Where the large pages of one part of memory come from.
 *
 * @param sizeKib size of a page
 * @param mount mount of hugetlbfs
 */
record HugepagePlace(long sizeKib, String mount) {
  /** Pages of this size are the kernel's usual ones. */
  private static final long USUAL_KIB = 4;

  /**
   * The pages for a part of memory, none for usual ones.
   *
   * @param cell the guest's node, none for all memory
   * @param wished size asked for this part itself
   */
  static Optional<HugepagePlace> find(Guest guest, OptionalLong cell, OptionalLong wished) {
    if (wished.isPresent()) {
      return place(guest, wished.getAsLong());
    }
    return guest
        .domain()
        .memoryBacking()
        .flatMap(MemoryBacking::hugepages)
        .flatMap(h -> ofPages(guest, h.pages(), cell));
  }

  private static Optional<HugepagePlace> ofPages(Guest guest, List<Page> pages, OptionalLong cell) {
    if (pages.isEmpty()) {
      return guest.host().hugepages().stream()
          .findFirst()
          .map(m -> new HugepagePlace(m.sizeKib(), m.path()));
    }
    Optional<Page> own =
        pages.stream()
            .filter(p -> p.nodeset().filter(n -> covers(n, cell)).isPresent())
            .findFirst();
    Optional<Page> any = pages.stream().filter(p -> p.nodeset().isEmpty()).findFirst();
    return own.or(() -> any)
        .flatMap(p -> GuestMemory.kib(p.size().orElse(""), p.unit()))
        .flatMap(kib -> place(guest, kib));
  }

  private static boolean covers(String nodes, OptionalLong cell) {
    return CpuSet.parse(nodes).get((int) cell.orElse(0));
  }

  private static Optional<HugepagePlace> place(Guest guest, long kib) {
    return kib == USUAL_KIB
        ? Optional.empty()
        : guest.host().hugepages().stream()
            .filter(m -> m.sizeKib() == kib)
            .map(HugepageMount::path)
            .findFirst()
            .map(path -> new HugepagePlace(kib, path));
  }
}
