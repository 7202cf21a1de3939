package launcher.engine.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import launcher.engine.BlockCommit;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;

/**
 * Which images of a disk a commit is about.
 *
 * @param top what goes into one below it
 * @param base where it goes
 * @param active whether the guest writes to the top
 * @param spent what nothing needs when it is done, and is to be removed
 */
record CommitRange(Path top, Path base, boolean active, List<Path> spent) {
  CommitRange {
    spent = List.copyOf(spent);
  }

  /**
   * What is wanted of a disk.
   *
   * @throws EngineException when its images do not lie so
   */
  static CommitRange of(DiskPlace place, BlockCommit wanted) {
    List<Path> below = place.chain().files();
    if (below.isEmpty()) {
      throw invalid(
          "disk '" + place.target() + "' has nothing below '" + place.image() + "' to commit to");
    }
    Path top = wanted.top().orElse(place.image());
    boolean active = top.equals(place.image());
    if (active != wanted.active()) {
      throw invalid(
          active
              ? "'" + top + "' is what the guest writes to: use --active, --pivot or --keep-overlay"
              : "'" + top + "' is not what the guest writes to: leave --active out");
    }
    int from = below.indexOf(top) + 1;
    if (!active) {
      place.chain().node(top);
    }
    if (from >= below.size()) {
      throw invalid("nothing lies below '" + top + "'");
    }
    Path base = wanted.base().orElse(wanted.shallow() ? below.get(from) : below.getLast());
    place.chain().node(base);
    if (below.indexOf(base) < from) {
      throw invalid("'" + base + "' does not lie below '" + top + "'");
    }
    List<Path> spent = new ArrayList<>();
    if (wanted.delete()) {
      spent.add(top);
      spent.addAll(below.subList(from, below.indexOf(base)));
    }
    return new CommitRange(top, base, active, spent);
  }

  private static EngineException invalid(String why) {
    return new EngineException(Kind.INVALID, why);
  }
}
