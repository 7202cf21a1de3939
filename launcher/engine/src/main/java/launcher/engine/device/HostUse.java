package launcher.engine.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the host itself does with a PCI device: a disk of a mounted file system is not given away.
 */
final class HostUse {
  /** Deep enough for a partition behind a controller, a port, a target and a unit. */
  private static final int DEEPEST = 12;

  private final Sysfs sysfs;

  HostUse(Sysfs sysfs) {
    this.sysfs = sysfs;
  }

  /**
   * Refuses a device that something depends on.
   *
   * @throws IOException naming it
   */
  void refuse(PciDevice device) throws IOException {
    for (Path disk : disks(device)) {
      Optional<String> use = use(disk);
      if (use.isPresent()) {
        throw new IOException(
            "the host needs it: its disk '%s' %s".formatted(disk.getFileName(), use.get()));
      }
    }
  }

  /** Folders of the block devices behind it, partitions too. */
  private List<Path> disks(PciDevice device) {
    List<Path> disks = new ArrayList<>();
    if (!device.exists()) {
      return disks;
    }
    try (Stream<Path> all = Files.walk(device.folder().toRealPath(), DEEPEST)) {
      all.filter(path -> path.endsWith("dev"))
          .map(path -> path.resolveSibling(""))
          .filter(folder -> block(folder))
          .forEach(disks::add);
    } catch (IOException | UncheckedIOException changed) {
      return disks; // what is under way of going away is nobody's
    }
    return disks;
  }

  /** {@code …/block/nvme0n1} and {@code …/block/nvme0n1/nvme0n1p1}. */
  private static boolean block(Path folder) {
    return folder.toString().contains("/block/");
  }

  private Optional<String> use(Path disk) {
    for (String holder : sysfs.names(disk.resolve("holders"))) {
      return Optional.of("is part of '" + holder + "'");
    }
    String number = sysfs.read(disk.resolve("dev"));
    for (String line : sysfs.read(sysfs.process("self/mountinfo")).split("\n")) {
      String[] fields = line.split(" ");
      if (fields.length > 4 && fields[2].equals(number)) {
        return Optional.of("is mounted on '" + fields[4] + "'");
      }
    }
    String name = "/dev/" + disk.getFileName() + " ";
    return sysfs.read(sysfs.process("swaps")).lines().anyMatch(line -> line.startsWith(name))
        ? Optional.of("is swapped to")
        : Optional.empty();
  }
}
