package launcher.engine.lease;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.LeaseFile;

/**
 * Leases of this host: OFD locks (fcntl(2)) on files of one folder, taken by the guest's own
 * process before it runs and inherited by its program. The kernel gives them back at its death; a
 * dead daemon changes nothing.
 */
public final class OfdLockManager implements LockManager {
  private final Path folder;

  /** With the folder of the lock files, which exists when the guest starts. */
  public OfdLockManager(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "ofd";
  }

  @Override
  public List<DiskLease> leases(XmlElement live) {
    List<DiskLease> leases = new ArrayList<>();
    for (XmlElement device : live.at("devices").map(XmlElement::children).orElse(List.of())) {
      if (device.name().equals("lease")) {
        String key = device.value("key", "");
        leases.add(
            new DiskLease(
                key, folder.resolve(DiskKey.named(device.value("lockspace", ""), key)), false));
      } else if (device.name().equals("disk")) {
        disk(live.value("name", ""), device, leases);
      }
    }
    return leases;
  }

  /**
   * Read-only disks need none; the shareable are shared. Disks on the network have no file here.
   */
  private void disk(String guest, XmlElement disk, List<DiskLease> leases) {
    boolean readOnly = disk.hasChild("readonly") || disk.is("device", "cdrom");
    String path = disk.value("source/@file").or(() -> disk.value("source/@dev")).orElse("");
    if (readOnly || !path.startsWith("/")) {
      return;
    }
    try {
      leases.add(
          new DiskLease(
              path, folder.resolve(DiskKey.of(Path.of(path))), disk.hasChild("shareable")));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "Failed at step 'lease disk' starting guest '"
              + guest
              + "': '"
              + path
              + "' cannot be looked at: "
              + e,
          e);
    }
  }

  /**
   * In the order of the files' names, and each once: a guest that names one disk twice holds it
   * once.
   */
  @Override
  public CommandSpec hold(CommandSpec command, List<DiskLease> leases, String guest) {
    CommandBuilder builder = command.toBuilder();
    String holder = guest.replace('\n', ' ');
    Set<Path> files = new TreeSet<>();
    for (DiskLease lease : leases) {
      if (files.add(lease.file())) {
        boolean shared =
            leases.stream()
                .filter(same -> same.file().equals(lease.file()))
                .allMatch(DiskLease::shared);
        builder.lease(new LeaseFile(lease.file(), shared, holder));
      }
    }
    return builder.build();
  }
}
