package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/**
 * The label of a container's processes, which LXC sets: the policy's type for containers, with a
 * pair of categories of its own. Its files keep their labels.
 */
public final class ContainerLabels {
  private static final String USUAL = "system_u:system_r:container_t:s0";

  private ContainerLabels() {}

  /**
   * Chooses one where the host has SELinux on, and writes it into the live definition.
   *
   * @param configuration folder of the settings
   * @param running live definitions of what runs
   * @throws EngineException when SELinux is on and its configuration cannot be read
   */
  public static void fill(XmlElement live, Path configuration, Supplier<List<XmlElement>> running) {
    try {
      SelinuxHost host = SelinuxHost.read(Path.of("/"));
      if (host.enabled() && IsolationSettings.selinux(configuration)) {
        GivenCategories.choose(
            new SelinuxChoice(withContainers(host, Path.of("/")), new SecureRandom()),
            live,
            running);
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "SELinux is on and its configuration cannot be read: " + EngineException.reason(e),
          e);
    }
  }

  static void fill(XmlElement live, SelinuxHost host, Set<Categories> taken) {
    new SelinuxChoice(host, new SecureRandom()).choose(live, taken);
  }

  /** The host with the type of containers in the place of that of virtual machines. */
  static SelinuxHost withContainers(SelinuxHost host, Path root) throws IOException {
    String process = process(SelinuxHost.contexts(root).resolve("lxc_contexts")).orElse(USUAL);
    return new SelinuxHost(
        host.enabled(), host.ownContext(), List.of(process, process), host.images());
  }

  /** {@code process = "system_u:system_r:container_t:s0"}. */
  private static Optional<String> process(Path contexts) throws IOException {
    if (!Files.exists(contexts)) {
      return Optional.empty();
    }
    for (String line : Files.readAllLines(contexts)) {
      String[] pair = line.split("=", 2);
      if (pair.length == 2 && pair[0].strip().equals("process")) {
        return Optional.of(pair[1].strip().replace("\"", ""));
      }
    }
    return Optional.empty();
  }
}
