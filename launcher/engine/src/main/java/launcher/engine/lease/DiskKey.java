package launcher.engine.lease;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.engine.host.DeviceFile;

/** What a disk is, whatever it is called: two names of one file or device have one key. */
final class DiskKey {
  /** Loop devices may lie on one another. */
  private static final int DEEPEST_LOOP = 8;

  private DiskKey() {}

  /**
   * Device number of a block device, file system and inode of anything else; symbolic links are
   * followed, and a loop device that shows a whole file is that file.
   */
  static String of(Path named) throws IOException {
    Path disk = behind(named);
    Optional<DeviceFile> device = blockDevice(disk);
    if (device.isPresent()) {
      return "block-" + device.get().number();
    }
    Map<String, Object> found = Files.readAttributes(disk, "unix:dev,ino");
    return "file-" + found.get("dev") + "-" + found.get("ino");
  }

  /**
   * What it is on every host: what a device says of itself (its WWID, the UUID of a mapped one),
   * where it says nothing the path, resolved. Hosts that share storage mount it at one place.
   */
  static String everywhere(Path disk) throws IOException {
    Path real = behind(disk).toRealPath();
    Optional<DeviceFile> device = blockDevice(real);
    if (device.isPresent()) {
      Path folder = folder(device.get());
      for (String name : List.of("dm/uuid", "wwid", "device/wwid")) {
        Path file = folder.resolve(name);
        if (Files.isReadable(file)) {
          return "device " + Files.readString(file).strip();
        }
      }
    }
    return "path " + real;
  }

  private static Path behind(Path disk) throws IOException {
    Path at = disk;
    for (int depth = 0; depth < DEEPEST_LOOP; depth++) {
      Optional<DeviceFile> device = blockDevice(at);
      if (device.isEmpty()) {
        return at;
      }
      Optional<Path> file = behindLoop(folder(device.get()).resolve("loop"));
      if (file.isEmpty()) {
        return at;
      }
      at = file.get();
    }
    return at;
  }

  /**
   * The file that a loop device shows.
   *
   * @param folder {@code loop} of the device in sysfs, which others have not
   * @return empty where it shows only a part of one, or one that has no name any more
   */
  static Optional<Path> behindLoop(Path folder) throws IOException {
    Path file = folder.resolve("backing_file");
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    for (String part : List.of("offset", "sizelimit")) {
      if (!Files.readString(folder.resolve(part)).strip().equals("0")) {
        return Optional.empty();
      }
    }
    return Optional.of(Path.of(Files.readString(file).stripTrailing())).filter(Files::exists);
  }

  private static Optional<DeviceFile> blockDevice(Path disk) throws IOException {
    return DeviceFile.of(disk).filter(DeviceFile::block);
  }

  private static Path folder(DeviceFile device) {
    return Path.of("/sys/dev/block", device.numbers());
  }

  /**
   * A name for what the user names: a {@code <lease>}'s lockspace and key may hold any character.
   */
  static String named(String lockspace, String key) {
    return "lease-" + digest(lockspace + "\n" + key);
  }

  /** SHA-256 in hexadecimal digits. */
  static String digest(String words) {
    try {
      byte[] text = words.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
