package launcher.drivers.qemu.memory;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.GuestNuma.Cell;

/** How far the guest's nodes are apart: all of it, as soon as anything is said. */
final class NumaDistances {
  private static final long LOCAL = 10;
  private static final long REMOTE = 20;

  private NumaDistances() {}

  static void write(List<Cell> cells, CommandLine out) {
    if (cells.stream().allMatch(c -> c.distances().isEmpty())) {
      return;
    }
    for (Cell from : cells) {
      for (Cell to : cells) {
        Props props =
            Props.of("type", "dist")
                .put("src", from.id())
                .put("dst", to.id())
                .put("val", distance(from, to));
        out.add(from, "-numa", props.text("type"));
      }
    }
  }

  private static long distance(Cell from, Cell to) {
    return said(from, to)
        .or(() -> said(to, from))
        .orElse(from.id().equals(to.id()) ? LOCAL : REMOTE);
  }

  private static Optional<Long> said(Cell from, Cell to) {
    return from.distances().stream()
        .flatMap(d -> d.siblings().stream())
        .filter(s -> s.id().equals(to.id()))
        .map(s -> s.value().orElse(REMOTE))
        .findFirst();
  }
}
