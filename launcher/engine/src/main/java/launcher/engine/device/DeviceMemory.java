package launcher.engine.device;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import launcher.engine.store.AtomicFile;

/**
 * What is remembered of devices, a file each, in launcher's own folder: the first line is the boot
 * it belongs to, since no device outlives one. Several engines may share the folder: who looks and
 * changes holds its lock.
 */
final class DeviceMemory {
  private static final Object TURN = new Object();
  private static final int OWNER_ONLY = 0700;
  private static final String LOCK = ".lock";

  private final Path folder;
  private final Path boot;

  /** In a folder, for the devices of a host. */
  DeviceMemory(Path folder, Sysfs sysfs) {
    this.folder = folder;
    boot = sysfs.process("sys/kernel/random/boot_id");
  }

  /** What is done while nobody else changes anything. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Does something alone. */
  void alone(Work work) throws IOException {
    synchronized (TURN) {
      AtomicFile.folder(folder, OWNER_ONLY);
      try (FileChannel lock =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        work.run();
      }
    }
  }

  /** What was remembered under a name in this boot. */
  Optional<List<String>> read(String name) throws IOException {
    Path file = file(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = List.of(Files.readString(file).split("\n", -1));
    return lines.getFirst().equals(now())
        ? Optional.of(lines.subList(1, lines.size()))
        : Optional.empty();
  }

  /** Remembers lines under a name. */
  void write(String name, List<String> lines) throws IOException {
    AtomicFile.writeUntilBoot(file(name), now() + "\n" + String.join("\n", lines));
  }

  void forget(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  private String now() throws IOException {
    return Files.exists(boot) ? Files.readString(boot).strip() : "";
  }

  /** What comes out of an XML may hold anything; a name of a file holds no slash. */
  private Path file(String name) {
    return folder.resolve(name.replaceAll("[^A-Za-z0-9:._-]", "_"));
  }
}
