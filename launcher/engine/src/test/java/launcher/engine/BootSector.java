package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The guest of config-examples/hello.s: greets, echoes, tells its ticks, obeys its power button.
 */
final class BootSector {
  private static final long DISK_SIZE = 1 << 20;

  private BootSector() {}

  /** A disk that boots it; the test is skipped where there is no QEMU or assembler. */
  static Path disk(Path folder) throws IOException {
    return disk(Path.of("../../config-examples/hello.s").toAbsolutePath().normalize(), folder);
  }

  /** A disk that boots another program of one sector. */
  static Path disk(Path source, Path folder) throws IOException {
    for (String tool : new String[] {"qemu-system-x86_64", "as", "ld"}) {
      assumeTrue(Files.isExecutable(Path.of("/usr/bin", tool)), "needs /usr/bin/" + tool);
    }
    assertTrue(Files.exists(source), "no " + source);
    Path object = folder.resolve("boot.o");
    Path disk = folder.resolve("hello.img");
    IsolatedGuests.run("as", "--32", "-o", object.toString(), source.toString());
    IsolatedGuests.run(
        "ld",
        "-m",
        "elf_i386",
        "-Ttext",
        "0x7c00",
        "--oformat",
        "binary",
        "-o",
        disk.toString(),
        object.toString());
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(DISK_SIZE);
    }
    return disk;
  }
}
