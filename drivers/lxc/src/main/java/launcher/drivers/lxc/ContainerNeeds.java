package launcher.drivers.lxc;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import launcher.schemas.XmlElement;

/**
 * What must be looked up before a container can be planned.
 *
 * @param devices paths of device nodes
 * @param sources paths of the host that are mounted as they are: file or folder?
 * @param root folder of the container's root, if it is one
 * @param user name of the user its first process runs as, if it is a name
 * @param group name of that process's group, if it is a name
 * @param containers names of other containers, which have to run
 */
public record ContainerNeeds(
    Set<String> devices,
    Set<String> sources,
    Optional<String> root,
    Optional<String> user,
    Optional<String> group,
    Set<String> containers) {
  /** Copies the sets. */
  public ContainerNeeds {
    devices = Set.copyOf(devices);
    sources = Set.copyOf(sources);
    containers = Set.copyOf(containers);
  }

  /** What this container's definition needs. */
  public static ContainerNeeds of(XmlElement domain) {
    Set<String> devices = new TreeSet<>();
    List<XmlElement> all = domain.child("devices").map(XmlElement::children).orElse(List.of());
    for (XmlElement hostdev : all) {
      HostDevices.node(hostdev).ifPresent(devices::add);
    }
    domain
        .child("blkiotune")
        .ifPresent(
            tune -> tune.children("device").forEach(d -> d.value("path").ifPresent(devices::add)));
    Set<String> sources = new TreeSet<>();
    for (XmlElement filesystem : all) {
      if (filesystem.name().equals("filesystem") && filesystem.is("type", "mount")) {
        filesystem.value("source/@dir").ifPresent(sources::add);
      }
    }
    return new ContainerNeeds(
        devices,
        sources,
        Filesystems.root(domain).flatMap(root -> root.value("source/@dir")),
        domain.value("os/inituser").filter(ContainerNeeds::isName),
        domain.value("os/initgroup").filter(ContainerNeeds::isName),
        SharedNamespaces.others(domain));
  }

  private static boolean isName(String word) {
    return !word.matches("\\+?[0-9]+");
  }
}
