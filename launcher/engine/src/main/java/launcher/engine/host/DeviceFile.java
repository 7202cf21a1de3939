package launcher.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a device file leads to, symbolic links followed.
 *
 * @param block whether it is a block device; else a character device
 * @param number the device's, as stat(2) tells it
 */
public record DeviceFile(boolean block, long number) {
  private static final int FILE_TYPE = 0170000;
  private static final int CHARACTER = 0020000;
  private static final int BLOCK = 0060000;

  /**
   * Looks at a file.
   *
   * @return empty for any other file
   * @throws IOException when it cannot be looked at
   */
  public static Optional<DeviceFile> of(Path file) throws IOException {
    Map<String, Object> found = Files.readAttributes(file, "unix:mode,rdev");
    int type = (Integer) found.getOrDefault("mode", 0) & FILE_TYPE;
    return (type == CHARACTER || type == BLOCK) && found.get("rdev") instanceof Long number
        ? Optional.of(new DeviceFile(type == BLOCK, number))
        : Optional.empty();
  }

  /** See makedev(3). */
  public long major() {
    return number >>> 8 & 0xfff | number >>> 32 & 0xfffff000L;
  }

  /** See makedev(3). */
  public long minor() {
    return number & 0xff | number >>> 12 & 0xffffff00L;
  }

  /** {@code MAJOR:MINOR}, as sysfs and control groups write it. */
  public String numbers() {
    return major() + ":" + minor();
  }
}
