package launcher.engine.network;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException;
import launcher.schemas.network.Forward;
import launcher.schemas.network.Network;

/** The host's interfaces that the guests of a network share. */
final class HostInterfaces {
  private static final Path LINKS = Path.of("/sys/class/net");

  private HostInterfaces() {}

  /**
   * The interface with the fewest links on it; in mode {@code passthrough} one without any.
   *
   * @throws EngineException when there is none, or none is free
   */
  static String leastUsed(Network network) {
    List<String> links = network.forward().map(Forward::interfaces).orElse(List.of());
    if (links.isEmpty()) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "network '" + network.name() + "' has nothing to plug a guest into");
    }
    Optional<String> best =
        links.stream()
            .filter(link -> network.mode() != Forward.Mode.PASSTHROUGH || upper(link) == 0)
            .min(Comparator.comparingInt(HostInterfaces::upper));
    return best.orElseThrow(() ->
        new EngineException(
            EngineException.Kind.FAILED,
            "each interface of network '%s' is in use already: %s"
                .formatted(network.name(), String.join(", ", links))));
  }

  /** How many links lie on an interface: the kernel names each {@code upper_NAME}. */
  private static int upper(String link) {
    int count = 0;
    try (DirectoryStream<Path> found = Files.newDirectoryStream(LINKS.resolve(link), "upper_*")) {
      for (Path ignored : found) {
        count++;
      }
    } catch (IOException noSuchInterface) {
      return 0;
    }
    return count;
  }
}
