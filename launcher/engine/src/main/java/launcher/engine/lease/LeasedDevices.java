package launcher.engine.lease;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.block.TransientOverlays;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.schemas.XmlElement;

/** Reads from a definition which leases its devices need, and looks at what the disks are. */
final class LeasedDevices {
  private LeasedDevices() {}

  static List<DiskLease> of(XmlElement live, Path folder) {
    List<DiskLease> leases = new ArrayList<>();
    for (XmlElement device : live.at("devices").map(XmlElement::children).orElse(List.of())) {
      leases.addAll(of(live.value("name", ""), device, folder));
    }
    return leases;
  }

  static List<DiskLease> of(String guest, XmlElement device, Path folder) {
    return switch (device.name()) {
      case "lease" -> List.of(named(device, folder));
      case "disk" -> disk(guest, device, folder).map(List::of).orElse(List.of());
      default -> List.of();
    };
  }

  private static DiskLease named(XmlElement lease, Path folder) {
    String lockspace = lease.value("lockspace", "");
    String key = lease.value("key", "");
    Optional<DiskLease.Target> target =
        lease
            .value("target/@path")
            .map(path ->
                new DiskLease.Target(
                    lockspace, key, path, Long.parseLong(lease.value("target/@offset", "0"))));
    return new DiskLease(
        key,
        folder.resolve(DiskKey.named(lockspace, key)),
        false,
        "lease\n" + lockspace + "\n" + key,
        target,
        Optional.empty());
  }

  /**
   * Read-only disks need none; the shareable are shared. Disks on the network have no file here.
   */
  private static Optional<DiskLease> disk(String guest, XmlElement disk, Path folder) {
    boolean readOnly = disk.hasChild("readonly") || disk.is("device", "cdrom");
    // an overlay is its guest's alone; what others could write is the image below
    Optional<String> base = TransientOverlays.base(disk);
    String path =
        base.or(() -> disk.value("source/@file")).or(() -> disk.value("source/@dev")).orElse("");
    boolean shared =
        base.isPresent()
            ? disk.value("transient/@shareBacking", "no").equals("yes")
            : disk.hasChild("shareable");
    if (readOnly || !path.startsWith("/")) {
      return Optional.empty();
    }
    try {
      Path file = Path.of(path);
      return Optional.of(
          new DiskLease(
              path,
              folder.resolve(DiskKey.of(file)),
              shared,
              DiskKey.everywhere(file),
              Optional.empty(),
              // those who only read it lock it too, and share it all the same: QEMU has the word
              base.isPresent() && shared ? Optional.empty() : Optional.of(file.toRealPath())));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "Failed at step 'lease disk' starting guest '"
              + guest
              + "': '"
              + path
              + "' cannot be looked at: "
              + EngineException.reason(e),
          e);
    }
  }
}
