package launcher.drivers.qemu.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Empty disk images of any format, made once by {@code qemu-img} and copied. */
final class DummyImages {
  private static final String SIZE = "4M";

  private final Path folder;
  private final Map<String, Path> templates = new HashMap<>();

  DummyImages(Path folder) {
    this.folder = folder;
  }

  /** A new image at a path, which it gives back. */
  Path copy(String format, Path to) throws IOException {
    Path template = templates.get(format);
    if (template == null) {
      template = make(format);
      templates.put(format, template);
    }
    return Files.copy(template, to);
  }

  private Path make(String format) throws IOException {
    Path image = folder.resolve("template." + format);
    List<String> command =
        List.of("qemu-img", "create", "-q", "-f", format, image.toString(), SIZE);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        // a filter or an encryption: what stands below it is plain
        return copy("raw", folder.resolve("plain." + format));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while qemu-img ran", e);
    }
    return image;
  }
}
