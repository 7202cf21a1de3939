package launcher.engine.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.OpenFile;

/**
 * Writes a running guest's memory into a file, for crash(8) and gdb(1).
 *
 * @param guest its name
 * @param monitor of its QEMU
 */
public record MemoryDump(String guest, QemuMonitor monitor) {
  /** The format of a core that every tool reads. */
  public static final String ELF = "elf";

  /** A guest's whole memory, on a slow disk. */
  private static final Duration DUMP = Duration.ofMinutes(30);

  /** Does something with a file while the guest may use it. */
  @FunctionalInterface
  public interface Lending {
    /** Does it. */
    void during(LiveFiles.Use use) throws IOException;
  }

  /**
   * Writes it; the guest stands still meanwhile.
   *
   * @param file replaced when it is there
   * @param format of QEMU, such as {@code elf} or {@code kdump-zlib}
   * @param lending gives the guest the file while it writes
   * @throws EngineException when it cannot be written
   */
  public void write(Path file, String format, Lending lending) {
    AtomicFile.refuseSpecial(file);
    try {
      AtomicFile.write(file, "");
      lending.during(() -> {
        try (OpenFile open = OpenFile.openMade(file, OpenFile.Access.READ_WRITE, 0)) {
          monitor.passing(open.descriptor(), "getfd", Props.of("fdname", "core"));
          monitor.ask(
              "dump-guest-memory",
              Props.of("protocol", "fd:core").put("paging", false).put("format", format),
              DUMP);
        }
      });
    } catch (EngineException e) {
      removed(file, e);
      throw e;
    } catch (IOException e) {
      removed(file, e);
      throw new EngineException(
          Kind.FAILED,
          "the memory of guest '"
              + guest
              + "' cannot be written to '"
              + file
              + "': "
              + e.getMessage(),
          e);
    }
  }

  /** An empty file, or half a core, is no core. */
  private static void removed(Path file, Exception because) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }
}
