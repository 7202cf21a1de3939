package launcher.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** 512 bytes that a machine boots, from their source. */
public final class BootSector {
  /** Where the processor finds a boot sector. */
  private static final String ADDRESS = "0x7c00";

  private BootSector() {}

  /**
   * Assembles a source beside the image.
   *
   * @param source for the GNU assembler
   * @param image the file to write
   * @return the image
   */
  public static Path assemble(Path source, Path image) throws IOException, InterruptedException {
    String object = image + ".o";
    tool("as", "--32", "-o", object, source.toString());
    tool(
        "ld",
        "-m",
        "elf_i386",
        "-Ttext",
        ADDRESS,
        "--oformat",
        "binary",
        "-o",
        image.toString(),
        object);
    return image;
  }

  private static void tool(String... words) throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin", words[0])),
        "needs " + words[0] + " (apt-get install binutils)");
    Process process = new ProcessBuilder(List.of(words)).inheritIO().start();
    assertEquals(0, process.waitFor(), String.join(" ", words));
  }
}
