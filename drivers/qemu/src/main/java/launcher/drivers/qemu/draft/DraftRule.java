package launcher.drivers.qemu.draft;

/** One small rule on a definition: completes it, prepares it for a start, or finds a problem. */
@FunctionalInterface
public interface DraftRule {
  /** Looks at the draft and changes its tree, or refuses what is wrong in it. */
  void apply(Draft draft);
}
