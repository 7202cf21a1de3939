package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import launcher.drivers.qemu.json.JsonObject;
import launcher.engine.store.AtomicFile;

/**
 * The guests that were plugged into a bridge when its network was stopped, so that they are plugged
 * in again when it starts: who restarts a network does not have to restart every guest on it.
 */
final class BridgePorts {
  private final Path folder;
  private final HostTools tools;

  BridgePorts(Path folder, HostTools tools) {
    this.folder = folder;
    this.tools = tools;
  }

  /**
   * A link that was a port.
   *
   * @param name of the link
   * @param mac its hardware address, which tells it from a later link of the same name
   * @param isolated whether it reached no other isolated port
   */
  private record Port(String name, String mac, boolean isolated) {
    static Port of(JsonObject link) {
      return new Port(
          link.string("ifname", ""),
          link.string("address", ""),
          link.object("linkinfo").object("info_slave_data").bool("isolated", false));
    }

    static List<Port> read(Path file) throws IOException {
      List<Port> ports = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ", -1);
        if (words.length == 3) {
          ports.add(new Port(words[0], words[1], words[2].equals("isolated")));
        }
      }
      return ports;
    }

    String line() {
      return name + " " + mac + " " + (isolated ? "isolated" : "open") + "\n";
    }
  }

  /** Writes down who is plugged in, before the bridge goes. */
  void remember(String bridge) {
    String text =
        tools.ip("link", "show", "master", bridge).stream()
            .map(link -> Port.of(link).line())
            .collect(Collectors.joining());
    if (text.isEmpty()) {
      // of a start that failed early, those of the stop before are still to be plugged in
      return;
    }
    try {
      AtomicFile.write(file(bridge), text.getBytes(StandardCharsets.UTF_8), 0600);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write '" + file(bridge) + "'", e);
    }
  }

  /** Plugs in again who is still there and has gone nowhere else meanwhile. */
  void plugAgain(String bridge) {
    try {
      List<Port> before = Port.read(file(bridge));
      for (JsonObject link : tools.ip("link", "show")) {
        Port now = Port.of(link);
        before.stream()
            .filter(port -> port.name().equals(now.name()) && port.mac().equals(now.mac()))
            .filter(port -> link.string("master", "").isEmpty())
            .forEach(port -> plug(port, bridge));
      }
      Files.deleteIfExists(file(bridge));
    } catch (NoSuchFileException nobody) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read '" + file(bridge) + "'", e);
    }
  }

  private void plug(Port port, String bridge) {
    String set = "link set dev " + HostTools.word(port.name());
    List<String> lines = new ArrayList<>(List.of(set + " master " + bridge));
    if (port.isolated()) {
      lines.add(set + " type bridge_slave isolated on");
    }
    tools.ipBatch(lines);
  }

  private Path file(String bridge) {
    return folder.resolve(bridge + ".ports");
  }
}
