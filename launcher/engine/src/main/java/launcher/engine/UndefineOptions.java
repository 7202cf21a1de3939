package launcher.engine;

/**
 * What goes with a definition.
 *
 * @param managedSave its saved state too; else a guest that has one is refused
 * @param nvram its firmware variables too
 * @param snapshots what is remembered of its snapshots too; else a guest that has any is refused
 * @param storage the files of its disks too, never those that are read-only or shared
 */
public record UndefineOptions(
    boolean managedSave, boolean nvram, boolean snapshots, boolean storage) {
  /** The definition alone. */
  public static final UndefineOptions DEFINITION = new UndefineOptions(false, false, false, false);
}
