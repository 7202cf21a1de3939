package launcher.tests.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import launcher.tests.BootSector;

/** The guest of {@code config-examples/hello.xml}: 512 bytes that greet, echo, and power off. */
public final class HelloGuest {
  private static final Path EXAMPLES = Path.of("../config-examples").toAbsolutePath().normalize();
  private static final String IMAGE_IN_EXAMPLE = "/var/lib/launcher/images/hello.img";
  private static final int DISK_BYTES = 1 << 20;

  private HelloGuest() {}

  /**
   * Writes the image and the XML of a guest of that name into the folder; returns the XML's file.
   */
  public static Path in(Path folder, String name) throws IOException, InterruptedException {
    Path image = folder.resolve("hello.img");
    if (!Files.exists(image)) {
      BootSector.assemble(EXAMPLES.resolve("hello.s"), image);
      try (FileChannel disk = FileChannel.open(image, StandardOpenOption.WRITE)) {
        disk.write(ByteBuffer.wrap(new byte[1]), DISK_BYTES - 1);
      }
    }
    Path own =
        Files.copy(image, folder.resolve("disk-" + Integer.toHexString(name.hashCode()) + ".img"));
    String xml =
        Files.readString(EXAMPLES.resolve("hello.xml"))
            .replace(IMAGE_IN_EXAMPLE, own.toString())
            .replace("<name>hello</name>", "<name>" + name.replace("&", "&amp;") + "</name>");
    return Files.writeString(
        folder.resolve("guest-" + Integer.toHexString(name.hashCode()) + ".xml"), xml);
  }
}
