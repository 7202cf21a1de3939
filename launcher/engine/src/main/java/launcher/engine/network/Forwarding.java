package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import launcher.engine.EngineException;
import launcher.engine.store.AtomicFile;
import launcher.schemas.network.Ip;

/**
 * Whether the host forwards packets. Switched on by the first network that needs it and, when it
 * was off before, switched off again by the last one; who needs it and what was before is on disk.
 */
final class Forwarding {
  private static final String ON = "1";

  private final Path record;
  private final HostRoutes routes;

  Forwarding(Path folder, HostRoutes routes) {
    this.record = folder.resolve("forwarding");
    this.routes = routes;
  }

  /** What is on disk: a line a family, its value before, and the networks that need it. */
  private record Need(String before, Set<String> networks) {}

  synchronized void need(String network, Set<Ip.Family> families) {
    if (families.contains(Ip.Family.IPV6)) {
      keepAdvertisedRoutes();
    }
    Map<Ip.Family, Need> needs = read();
    for (Ip.Family family : families) {
      Need need =
          needs.computeIfAbsent(
              family, f -> new Need(KernelSettings.read(setting(f)).orElse(ON), new TreeSet<>()));
      need.networks().add(network);
    }
    write(needs);
    families.forEach(family -> KernelSettings.write(setting(family), ON));
  }

  synchronized void release(String network) {
    Map<Ip.Family, Need> needs = read();
    boolean known = false;
    for (Map.Entry<Ip.Family, Need> entry : Map.copyOf(needs).entrySet()) {
      known |= entry.getValue().networks().remove(network);
      if (entry.getValue().networks().isEmpty()) {
        KernelSettings.write(setting(entry.getKey()), entry.getValue().before());
        needs.remove(entry.getKey());
      }
    }
    if (known) {
      write(needs);
    }
  }

  private void keepAdvertisedRoutes() {
    for (String device : routes.defaultsByAdvertisement()) {
      String setting = "net/ipv6/conf/" + device + "/accept_ra";
      if (KernelSettings.read(setting).filter(ON::equals).isPresent()) {
        throw new EngineException(
            EngineException.Kind.FAILED,
            "forwarding IPv6 would take the default route of '%s' away, which came by router advertisement: set %s to 2 first"
                .formatted(device, setting.replace('/', '.')));
      }
    }
  }

  private static String setting(Ip.Family family) {
    return switch (family) {
      case IPV4 -> "net/ipv4/ip_forward";
      case IPV6 -> "net/ipv6/conf/all/forwarding";
    };
  }

  private Map<Ip.Family, Need> read() {
    Map<Ip.Family, Need> needs = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(record)) {
        String[] words = line.split("\t", -1);
        Set<String> networks = new TreeSet<>(List.of(words).subList(2, words.length));
        needs.put(Ip.Family.valueOf(words[0]), new Need(words[1], networks));
      }
    } catch (NoSuchFileException nothingNeeded) {
      return needs;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read '" + record + "'", e);
    }
    return needs;
  }

  /** A network's name holds no control sign (network.rnc), so a tab parts them. */
  private void write(Map<Ip.Family, Need> needs) {
    StringBuilder text = new StringBuilder();
    needs.forEach((family, need) ->
        text.append(family)
            .append('\t')
            .append(need.before())
            .append('\t')
            .append(String.join("\t", need.networks()))
            .append('\n'));
    try {
      AtomicFile.write(record, text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write '" + record + "'", e);
    }
  }
}
