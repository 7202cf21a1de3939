package launcher.engine.lease;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** What a disk is, whatever it is called: two names of one file or device have one key. */
final class DiskKey {
  private static final int FILE_TYPE = 0170000;
  private static final int BLOCK_DEVICE = 0060000;

  private DiskKey() {}

  /**
   * Device number of a block device, file system and inode of anything else; symbolic links are
   * followed.
   */
  static String of(Path disk) throws IOException {
    Map<String, Object> found = Files.readAttributes(disk, "unix:mode,rdev,dev,ino");
    boolean device = ((Integer) found.getOrDefault("mode", 0) & FILE_TYPE) == BLOCK_DEVICE;
    return device
        ? "block-" + found.get("rdev")
        : "file-" + found.get("dev") + "-" + found.get("ino");
  }

  /**
   * A name for what the user names: a {@code <lease>}'s lockspace and key may hold any character.
   */
  static String named(String lockspace, String key) {
    try {
      byte[] text = (lockspace + "\n" + key).getBytes(StandardCharsets.UTF_8);
      return "lease-" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
