package launcher.drivers.qemu.block;

import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Image;
import launcher.schemas.domain.StorageSource;

/** Where an image's bytes are, as the properties of QEMU's protocol drivers. */
final class SourceProps {
  /** The name that Linux distributions give the first real CD-ROM drive. */
  private static final String CDROM = "/dev/cdrom";

  private SourceProps() {}

  static Props of(Image image, String node, ImageOptions options) {
    return switch (image.source()) {
      case StorageSource.File file -> file(image, "file", file.path(), node, options);
      case StorageSource.Block block -> {
        boolean cdrom = options.cdrom() && block.path().equals(CDROM);
        yield file(image, cdrom ? "host_cdrom" : "host_device", block.path(), node, options);
      }
      case StorageSource.Folder folder ->
          Props.of("driver", "vvfat")
              .put("dir", folder.path())
              .put("floppy", options.floppy())
              .put("rw", false);
      case StorageSource.Nvme nvme ->
          Props.of("driver", "nvme")
              .put("device", pci(nvme.address()))
              .put("namespace", nvme.namespace());
      case StorageSource.Network network -> NetworkSource.props(image, network, node);
      case StorageSource.Volume volume -> throw unresolved(image, "a volume of a storage pool");
      case StorageSource.VhostVdpa vdpa -> throw unresolved(image, "a vDPA device");
      case StorageSource.VhostUser vhost -> throw unresolved(image, "a vhost-user back end");
      case StorageSource.Empty empty -> throw unresolved(image, "an empty drive");
    };
  }

  private static Props file(
      Image image, String driver, String path, String node, ImageOptions options) {
    Props props = Props.of("driver", driver).put("filename", path).put("aio", options.io());
    image.reservations().ifPresent(r -> props.put("pr-manager", Reservations.id(image, node)));
    return props;
  }

  /** A PCI address of the host: {@code 0000:01:00.0}. */
  static String pci(Address.Pci address) {
    return "%04x:%02x:%02x.%x"
        .formatted(address.domain(), address.bus(), address.slot(), address.function());
  }

  private static IllegalStateException unresolved(Image image, String what) {
    return new IllegalStateException(what + " has no block node: " + image.element());
  }
}
