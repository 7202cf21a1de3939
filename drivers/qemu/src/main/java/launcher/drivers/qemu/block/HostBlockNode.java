package launcher.drivers.qemu.block;

import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Image;
import launcher.schemas.domain.StorageSource;

/** Block nodes that belong to no disk: those of SCSI host devices, numbered after all disks. */
public final class HostBlockNode {
  private final CommandLine out;
  private final BlockNames names;

  private HostBlockNode(CommandLine out, BlockNames names) {
    this.out = out;
    this.names = names;
  }

  /** For one guest. */
  public static HostBlockNode of(Guest guest, CommandLine out) {
    return new HostBlockNode(out, BlockNames.of(guest));
  }

  /** Adds a node for a device file and gives its name. */
  public String device(XmlElement origin, String path, boolean readOnly) {
    return add(origin, Props.of("driver", "host_device").put("filename", path), name(), readOnly);
  }

  /** Adds a node for a network source and gives its name. */
  public String image(Image image, boolean readOnly) {
    String name = name();
    image
        .auth()
        .flatMap(a -> a.secret())
        .ifPresent(s -> BlockSecrets.add(out, image.element(), name + "-auth-secret0", s));
    if (!(image.source() instanceof StorageSource.Network network)) {
      throw new IllegalArgumentException("not a network source: " + image.element());
    }
    return add(image.element(), NetworkSource.props(image, network, name), name, readOnly);
  }

  private String name() {
    return "libvirt-" + names.next() + "-backend";
  }

  private String add(XmlElement origin, Props props, String name, boolean readOnly) {
    out.add(origin, "-blockdev", props.put("node-name", name).put("read-only", readOnly));
    return name;
  }
}
