package launcher.engine.shutdown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import launcher.engine.EngineException;
import launcher.engine.store.AtomicFile;

/**
 * The time between a boot of this host and the next: tells whether a line of a record was written
 * before the last boot.
 *
 * @param id of its own for each boot; never empty
 */
public record HostSession(String id) {
  /** Where the kernel names its boot (random(4)); a container has its host's. */
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private static final String NAME = "session";

  /**
   * The present one. It is kept in the runtime folder, which goes with a boot of a container too,
   * and holds the kernel's name of the boot, which tells where the folder stays.
   */
  public static HostSession of(Path runtime) {
    try {
      String boot = Files.readString(BOOT).strip();
      Path file = runtime.resolve(NAME);
      String known = read(file);
      if (known.startsWith(boot + " ")) {
        return new HostSession(known.strip());
      }
      String id = boot + " " + UUID.randomUUID();
      AtomicFile.folder(runtime, 0755);
      AtomicFile.writeUntilBoot(file, id + "\n");
      return new HostSession(id);
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "Cannot tell whether '" + runtime + "' is of this boot: " + e.getMessage(),
          e);
    }
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException _) {
      return "";
    }
  }
}
