package launcher.engine;

import java.util.List;

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
  /** As one line, to be read again by {@link #of}. */
  String words() {
    return String.join(
        " ",
        managedSave ? "managed-save" : "",
        nvram ? "nvram" : "",
        snapshots ? "snapshots" : "",
        storage ? "storage" : "");
  }

  static UndefineOptions of(String words) {
    List<String> all = List.of(words.split(" "));
    return new UndefineOptions(
        all.contains("managed-save"),
        all.contains("nvram"),
        all.contains("snapshots"),
        all.contains("storage"));
  }

  /** The definition alone. */
  public static final UndefineOptions DEFINITION = new UndefineOptions(false, false, false, false);
}
