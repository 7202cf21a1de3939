package launcher.engine;

import java.util.List;

/**
 * What goes with a definition.
 *
 * @param managedSave its saved state too; else a guest that has one is refused
 * @param nvram its firmware variables too
 * @param snapshots what is remembered of its snapshots too; else a guest that has any is refused
 * @param storage the files of its disks too, never those that are read-only or shared
 * @param tpm the state of its TPM too
 * @param disks the files of these disks too, by target or path of the image
 */
public record UndefineOptions(
    boolean managedSave,
    boolean nvram,
    boolean snapshots,
    boolean storage,
    boolean tpm,
    List<String> disks) {
  private static final String DISK = "disk:";

  /** Copies the disks. */
  public UndefineOptions {
    disks = List.copyOf(disks);
  }

  /** Without state of a TPM and single disks. */
  public UndefineOptions(boolean managedSave, boolean nvram, boolean snapshots, boolean storage) {
    this(managedSave, nvram, snapshots, storage, false, List.of());
  }

  /** The same with its disks said in another way. */
  UndefineOptions with(List<String> named) {
    return new UndefineOptions(managedSave, nvram, snapshots, storage, tpm, named);
  }

  /** As one line, to be read again by {@link #of}. */
  String words() {
    return String.join(
        " ",
        managedSave ? "managed-save" : "",
        nvram ? "nvram" : "",
        snapshots ? "snapshots" : "",
        storage ? "storage" : "",
        tpm ? "tpm" : "",
        String.join(" ", disks.stream().map(disk -> DISK + disk).toList()));
  }

  static UndefineOptions of(String words) {
    List<String> all = List.of(words.split(" "));
    return new UndefineOptions(
        all.contains("managed-save"),
        all.contains("nvram"),
        all.contains("snapshots"),
        all.contains("storage"),
        all.contains("tpm"),
        all.stream()
            .filter(word -> word.startsWith(DISK))
            .map(word -> word.substring(DISK.length()))
            .toList());
  }

  /** The definition alone. */
  public static final UndefineOptions DEFINITION = new UndefineOptions(false, false, false, false);
}
