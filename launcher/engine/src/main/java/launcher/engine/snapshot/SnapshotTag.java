package launcher.engine.snapshot;

import java.nio.charset.StandardCharsets;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;

/** Names of snapshots, for people and inside images. */
final class SnapshotTag {
  /** QEMU keeps 255 bytes (QEMUSnapshotInfo, include/block/snapshot.h). */
  private static final int LONGEST_BYTES = 200;

  private SnapshotTag() {}

  /** Refuses what cannot be a name. */
  static String checked(String name) {
    boolean control = name.chars().anyMatch(Character::isISOControl);
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (name.isBlank() || control || bytes > LONGEST_BYTES) {
      throw new EngineException(
          Kind.INVALID,
          "a snapshot's name has 1 to " + LONGEST_BYTES + " bytes and no control characters");
    }
    return name;
  }

  /**
   * The name inside an image, where a short number would be taken for the number of another one.
   */
  static String of(String name) {
    return name.matches("\\d{1,9}") ? "launcher-" + name : name;
  }
}
