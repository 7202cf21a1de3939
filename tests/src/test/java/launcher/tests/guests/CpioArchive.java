package launcher.tests.guests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes the archive format that Linux unpacks its initial RAM disk from: "newc" (cpio(5), kernel's
 * buffer-format.rst).
 */
final class CpioArchive {
  private static final int DIRECTORY = 0040755;
  private static final int PROGRAM = 0100755;
  private static final int LINK = 0120777;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int inode = 1;

  void directory(String name) {
    entry(name, DIRECTORY, new byte[0]);
  }

  void file(String name, byte[] content) {
    entry(name, PROGRAM, content);
  }

  void file(String name, Path source) throws IOException {
    file(name, Files.readAllBytes(source));
  }

  void link(String name, String target) {
    entry(name, LINK, target.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the archive, closed by its trailer. */
  void writeTo(Path file) throws IOException {
    entry("TRAILER!!!", 0, new byte[0]);
    try (OutputStream out = Files.newOutputStream(file)) {
      bytes.writeTo(out);
    }
  }

  private void entry(String name, int mode, byte[] content) {
    byte[] path = (name + "\0").getBytes(StandardCharsets.UTF_8);
    int[] fields = {inode++, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length, 0};
    StringBuilder header = new StringBuilder("070701");
    for (int field : fields) {
      header.append(String.format(Locale.ROOT, "%08X", field));
    }
    bytes.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(path);
    pad();
    bytes.writeBytes(content);
    pad();
  }

  private void pad() {
    while (bytes.size() % 4 != 0) {
      bytes.write(0);
    }
  }
}
