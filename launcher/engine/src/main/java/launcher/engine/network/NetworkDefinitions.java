package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.drivers.dnsmasq.network.NetworkCompletion;
import launcher.engine.EngineException;
import launcher.engine.store.DefinitionStore;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;
import launcher.schemas.network.Network;
import launcher.schemas.network.NetworkReader;

/** Definitions of networks: reading, completing, keeping. */
final class NetworkDefinitions {
  private static final Logger LOG = Logger.getLogger("launcher.network");

  /** First half of the hardware addresses that QEMU's and libvirt's devices carry. */
  private static final String MAC_PREFIX = "52:54:00";

  private final NetworkReader reader = new NetworkReader();
  private final SecureRandom random = new SecureRandom();
  private final DefinitionStore store;

  NetworkDefinitions(DefinitionStore store) {
    this.store = store;
  }

  DefinitionStore store() {
    return store;
  }

  /** Everything that is defined; what cannot be read is logged and passed over. */
  List<NetworkEntry.Defined> load() {
    List<NetworkEntry.Defined> found = new ArrayList<>();
    try {
      for (DefinitionStore.Entry entry : store.load(NetworkDefinitions::unreadable)) {
        try {
          String text = entry.completed().or(entry::previous).orElse(entry.written());
          found.add(defined(entry, text));
        } catch (EngineException | XmlException e) {
          LOG.log(
              Level.WARNING,
              "network ''{0}'' cannot be used, ignoring: {1}",
              new Object[] {entry.name(), e.getMessage()});
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the definitions of networks", e);
    }
    return found;
  }

  private NetworkEntry.Defined defined(DefinitionStore.Entry entry, String text) {
    if (entry.completed().isPresent()) {
      XmlElement tree = XmlReader.read(entry.name() + ".xml", text);
      return new NetworkEntry.Defined(entry.written(), tree, model(entry.name(), tree));
    }
    Optional<XmlElement> kept =
        entry.previous().map(previous -> XmlReader.read(entry.name() + ".xml", previous));
    return complete(entry.name() + ".xml", entry.written(), kept, Set.of());
  }

  private static void unreadable(Path file, IOException reason) {
    LOG.log(
        Level.WARNING,
        "definition ''{0}'' cannot be read, ignoring: {1}",
        new Object[] {file, reason.getMessage()});
  }

  /**
   * Reads and completes a text.
   *
   * @param kept an older completed tree whose address, bridge and uuid stay unless the text says
   *     others
   * @param taken names of bridges that are not free
   * @throws EngineException with every problem
   */
  NetworkEntry.Defined complete(
      String file, String written, Optional<XmlElement> kept, Set<String> taken) {
    try {
      XmlElement tree = XmlReader.read(file, written);
      Network network = reader.read(file, tree);
      kept.ifPresent(old -> keep(old, tree, network));
      Set<String> names = new HashSet<>(taken);
      NetworkCompletion.complete(
          reader.read(file, tree),
          tree,
          new NetworkCompletion.Choices(UUID.randomUUID().toString(), freshMac(), names));
      return new NetworkEntry.Defined(written, tree, reader.read(file, tree));
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
  }

  private static void keep(XmlElement old, XmlElement tree, Network network) {
    old.value("uuid")
        .ifPresent(uuid -> {
          if (network.uuid().isEmpty()) {
            tree.childOrAdd("uuid").text(uuid);
          }
        });
    if (network.mode().ownsBridge()) {
      old.value("mac/@address").ifPresent(mac -> tree.childOrAdd("mac").setDefault("address", mac));
      if (network.bridge().name().isEmpty()) {
        old.value("bridge/@name").ifPresent(name -> tree.childOrAdd("bridge").set("name", name));
      }
    }
  }

  private String freshMac() {
    byte[] tail = new byte[3];
    random.nextBytes(tail);
    return String.format(
        Locale.ROOT,
        "%s:%02x:%02x:%02x",
        MAC_PREFIX,
        tail[0] & 0xff,
        tail[1] & 0xff,
        tail[2] & 0xff);
  }

  /** The model of a completed tree. */
  Network model(String file, XmlElement tree) {
    try {
      return reader.read(file, tree);
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
  }

  void save(NetworkEntry.Defined defined) {
    try {
      store.save(defined.model().name(), defined.written(), XmlWriter.write(defined.tree()));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write the definition of network '" + defined.model().name() + "'", e);
    }
  }

  void remove(String name) {
    try {
      store.remove(name);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the definition of network '" + name + "'", e);
    }
  }

  void autostart(String name, boolean wanted) {
    try {
      store.autostart(name, wanted);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot change the autostart of network '" + name + "'", e);
    }
  }
}
