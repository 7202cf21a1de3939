package launcher.drivers.qemu.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import launcher.schemas.XmlException;
import launcher.schemas.network.Network;
import launcher.schemas.network.NetworkReader;

/**
 * The networks that a host profile describes, in libvirt's format (formatnetwork), one a file. The
 * engine has networks of its own, and says in the tree what they are before it is translated.
 *
 * @param byName the networks
 */
public record DescribedNetworks(Map<String, Network> byName) {
  /** A host whose networks nobody has described. */
  public static final DescribedNetworks NONE = new DescribedNetworks(Map.of());

  /** Copies the map. */
  public DescribedNetworks {
    byName = Map.copyOf(byName);
  }

  /**
   * Those of the {@code *.xml} files of a folder; none where there is no folder.
   *
   * @throws IOException when a file cannot be read or describes no network
   */
  static DescribedNetworks read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return NONE;
    }
    NetworkReader reader = new NetworkReader();
    Map<String, Network> networks = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.xml")) {
      for (Path file : files) {
        Network network = reader.read(file.toString(), Files.readString(file));
        networks.put(network.name(), network);
      }
    } catch (XmlException e) {
      throw new IOException("a network is not described as it should be: " + e.getMessage(), e);
    }
    return new DescribedNetworks(networks);
  }

  /** The network of that name. */
  public Optional<Network> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
