package launcher.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The guest of config-examples/hello.s, which answers its power button. */
final class BootSector {
  private static final long UP_NANOS = 30_000_000_000L;

  private BootSector() {}

  static Path assemble(Path folder) throws Exception {
    Path object = folder.resolve("hello.o");
    Path image = folder.resolve("hello.img");
    Commands.output(List.of("as", "--32", "-o", object.toString(), "config-examples/hello.s"));
    Commands.output(
        List.of(
            "ld",
            "-m",
            "elf_i386",
            "-Ttext",
            "0x7c00",
            "--oformat",
            "binary",
            "-o",
            image.toString(),
            object.toString()));
    try (FileChannel disk = FileChannel.open(image, StandardOpenOption.WRITE)) {
      disk.write(ByteBuffer.allocate(1), (1 << 20) - 1);
    }
    return image;
  }

  static String disk(Path image) {
    return "<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='"
        + image
        + "'/><target dev='vda' bus='virtio'/></disk>";
  }

  /**
   * Waits until the boot sector has enabled the power button: it has printed by then, and idles in
   * real mode.
   */
  static void untilUp(Peer peer, String name) throws Exception {
    long deadline = System.nanoTime() + UP_NANOS;
    String registers = "";
    while (System.nanoTime() < deadline) {
      // PM1_EN, which the guest's first instructions set
      registers =
          Commands.output(peer.command("qemu-monitor-command", name, "--hmp", "i /2xh 0x602"));
      if (registers.contains("0x0100")) {
        return;
      }
    }
    throw new IOException("'" + name + "' of " + peer.name() + " did not boot: " + registers);
  }
}
