package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The serial port of the Linux guest of the tests, where it answers lines with what a command says.
 */
record LinuxShell(SocketChannel channel, BufferedReader lines) implements AutoCloseable {
  /** Connects to the socket of the port, on which QEMU listens. */
  static LinuxShell at(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return new LinuxShell(
        channel, new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)));
  }

  /** The lines up to one that holds that. */
  List<String> until(String last) throws IOException {
    List<String> said = new ArrayList<>();
    String line = lines.readLine();
    while (line != null && !line.contains(last)) {
      said.add(line);
      line = lines.readLine();
    }
    assertTrue(line != null, "the guest ended: " + said);
    said.add(line);
    return said;
  }

  /** What a command says, with its exit status as {@code RC n} at the end. */
  String run(String command) throws IOException {
    channel.write(StandardCharsets.UTF_8.encode("sh " + command + "\n"));
    return String.join("\n", until("RC "));
  }

  /** Waits, inside the guest, until a command succeeds. */
  void waitFor(String command) throws IOException {
    String said =
        run(
            "n=0; until "
                + command
                + "; do n=$((n + 1)); [ $n -gt 300 ] && break; "
                + "usleep 100000; done; "
                + command);
    assertTrue(said.endsWith("RC 0"), command + ": " + said);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
