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
   * @param only what the bridge was told of its guest's address; empty where it learns by itself
   */
  private record Port(String name, String mac, boolean isolated, String only) {
    static Port of(JsonObject link, List<JsonObject> told) {
      String name = link.string("ifname", "");
      String only =
          told.stream()
              .filter(address -> address.string("ifname", "").equals(name))
              .filter(address -> address.string("state", "").equals("static"))
              .map(address -> address.string("mac", ""))
              .findFirst()
              .orElse("");
      return new Port(
          name,
          link.string("address", ""),
          link.object("linkinfo").object("info_slave_data").bool("isolated", false),
          only);
    }

    static List<Port> read(Path file) throws IOException {
      List<Port> ports = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split(" ", -1);
        if (words.length >= 3) {
          String only = words.length > 3 ? words[3] : "";
          ports.add(new Port(words[0], words[1], words[2].equals("isolated"), only));
        }
      }
      return ports;
    }

    String line() {
      return name + " " + mac + " " + (isolated ? "isolated" : "open") + " " + only + "\n";
    }
  }

  /** Writes down who is plugged in, before the bridge goes. */
  void remember(String bridge) {
    List<JsonObject> links = tools.ip("link", "show", "master", bridge);
    List<JsonObject> told = links.isEmpty() ? List.of() : tools.addresses(bridge);
    String text =
        links.stream().map(link -> Port.of(link, told).line()).collect(Collectors.joining());
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
        Port now = Port.of(link, List.of());
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
    if (!port.only().isEmpty()) {
      lines.add(GuestLinks.learnsNothing(port.name()));
    }
    tools.ipBatch(lines);
    if (!port.only().isEmpty()) {
      tools.bridgeBatch(List.of(GuestLinks.told(port.only(), port.name())));
    }
  }

  private Path file(String bridge) {
    return folder.resolve(bridge + ".ports");
  }
}
