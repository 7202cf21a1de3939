package launcher.engine.lxc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import launcher.drivers.lxc.ContainerFacts;
import launcher.drivers.lxc.ContainerFacts.DeviceNode;
import launcher.drivers.lxc.ContainerFacts.HostGroups;
import launcher.drivers.lxc.ContainerNeeds;
import launcher.engine.host.ControlGroups;
import launcher.engine.host.DeviceFile;
import launcher.engine.host.InitProcess;
import launcher.engine.run.ProcessIdentity;
import launcher.engine.run.RunRecord;
import launcher.engine.run.RunRecords;
import launcher.schemas.XmlElement;

/** Looks up what planning one container needs to know. */
final class ContainerLookups {
  private ContainerLookups() {}

  static ContainerFacts of(XmlElement domain, RunRecords records) throws IOException {
    ContainerNeeds needs = ContainerNeeds.of(domain);
    Map<String, DeviceNode> devices = new TreeMap<>();
    for (String path : needs.devices()) {
      devices.put(path, node(path));
    }
    Set<String> files = new TreeSet<>();
    for (String path : needs.sources()) {
      if (!Files.exists(Path.of(path))) {
        throw new IOException("'" + path + "' does not exist");
      }
      if (!Files.isDirectory(Path.of(path))) {
        files.add(path);
      }
    }
    return new ContainerFacts(
        new HostGroups(
            ControlGroups.separateControllers(),
            ControlGroups.unifiedControllers(),
            ControlGroups.budgetFair()),
        devices,
        files,
        ids(needs.root(), "etc/passwd", needs.user()),
        ids(needs.root(), "etc/group", needs.group()),
        containers(needs.containers(), records));
  }

  /** First processes of the running ones among named containers. */
  private static Map<String, Integer> containers(Set<String> names, RunRecords records)
      throws IOException {
    Map<String, Integer> running = new TreeMap<>();
    if (names.isEmpty()) {
      return running;
    }
    for (RunRecords.Run run : records.all((file, reason) -> {})) {
      RunRecord record = run.record();
      if (names.contains(record.name())
          && record.type().equals("lxc")
          && ProcessIdentity.runs(record.pid(), record.birth())) {
        InitProcess.of(record.pid()).ifPresent(init -> running.put(record.name(), init));
      }
    }
    return running;
  }

  private static DeviceNode node(String path) throws IOException {
    Path file = Path.of(path);
    if (!Files.exists(file)) {
      throw new IOException("'" + path + "' does not exist");
    }
    return DeviceFile.of(file)
        .map(device -> new DeviceNode(device.block(), device.major(), device.minor()))
        .orElseThrow(() -> new IOException("'" + path + "' is not a device"));
  }

  /** The number of a name in the container's own file, whose lines are NAME:x:NUMBER:… */
  private static Map<String, Long> ids(Optional<String> root, String file, Optional<String> name)
      throws IOException {
    if (name.isEmpty()) {
      return Map.of();
    }
    Path top = Path.of(root.orElse("/")).toRealPath();
    Path names = top.resolve(file);
    // a link out of the container would let it read the host's names
    boolean inside =
        Files.isRegularFile(names, LinkOption.NOFOLLOW_LINKS) && names.toRealPath().startsWith(top);
    if (inside) {
      for (String line : Files.readAllLines(names)) {
        String[] fields = line.split(":");
        if (fields.length > 2 && fields[0].equals(name.get()) && fields[2].matches("[0-9]+")) {
          return Map.of(name.get(), Long.valueOf(fields[2]));
        }
      }
    }
    throw new IOException("'" + name.get() + "' is not in the container's '/" + file + "'");
  }
}
