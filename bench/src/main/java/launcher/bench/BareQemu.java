package launcher.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** QEMU with nobody in between: what any launcher has to pay for the same guest. */
final class BareQemu {
  private static final Path EMULATOR = Path.of("/usr/bin/qemu-system-x86_64");

  /** One guest that runs. */
  record Running(Process process, SocketChannel monitor, long startNanos) {}

  private BareQemu() {}

  /**
   * From exec to running: the greeting, the capabilities, `cont`, and the answer that the guest
   * runs.
   */
  static Running start(Path folder, int number) throws IOException {
    Path socket = folder.resolve("qmp" + number);
    Files.deleteIfExists(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      long begin = System.nanoTime();
      Process process = Commands.start(arguments(socket), folder.resolve("qemu.log"));
      SocketChannel monitor = server.accept();
      readUntil(monitor, "QMP");
      say(monitor, "{\"execute\":\"qmp_capabilities\"}");
      readUntil(monitor, "return");
      say(monitor, "{\"execute\":\"cont\"}");
      readUntil(monitor, "return");
      say(monitor, "{\"execute\":\"query-status\"}");
      readUntil(monitor, "\"running\": true");
      return new Running(process, monitor, System.nanoTime() - begin);
    }
  }

  /** From `quit` to the reaped end, in nanoseconds. */
  static long quit(Running guest) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    say(guest.monitor(), "{\"execute\":\"quit\"}");
    guest.process().waitFor();
    long nanos = System.nanoTime() - begin;
    guest.monitor().close();
    return nanos;
  }

  /** The hardware of the benchmark's guest (see {@link Guests#guest}), in QEMU's own words. */
  private static List<String> arguments(Path socket) {
    return List.of(
        EMULATOR.toString(),
        "-machine",
        "pc,usb=off",
        "-accel",
        "tcg",
        "-m",
        "64",
        "-smp",
        "1",
        "-S",
        "-nodefaults",
        "-no-user-config",
        "-display",
        "none",
        "-chardev",
        "pty,id=serial0",
        "-device",
        "isa-serial,chardev=serial0",
        "-qmp",
        "unix:" + socket);
  }

  private static void say(SocketChannel monitor, String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      monitor.write(bytes);
    }
  }

  private static void readUntil(SocketChannel monitor, String word) throws IOException {
    StringBuilder seen = new StringBuilder();
    ByteBuffer bytes = ByteBuffer.allocate(8192);
    while (seen.indexOf(word) < 0) {
      if (monitor.read(bytes.clear()) < 0) {
        throw new IOException("QEMU ended before it said '" + word + "': " + seen);
      }
      seen.append(StandardCharsets.UTF_8.decode(bytes.flip()));
    }
  }
}
