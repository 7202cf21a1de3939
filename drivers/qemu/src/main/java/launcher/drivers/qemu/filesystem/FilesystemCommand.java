package launcher.drivers.qemu.filesystem;

import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Filesystem;
import launcher.schemas.domain.Filesystem.FilesystemDriver;

/** File systems on the command line. */
public final class FilesystemCommand {
  private FilesystemCommand() {}

  /** Adds all file systems. */
  public static void write(Guest guest, CommandLine out) {
    for (Filesystem filesystem : guest.devices().filesystems()) {
      if (filesystem.virtiofs()) {
        virtiofs(guest, out, filesystem);
      } else {
        plan9(guest, out, filesystem);
      }
    }
  }

  /** Socket of the daemon of a file system: one that runs already, else the launcher's own. */
  public static String socket(Guest guest, Filesystem filesystem) {
    return filesystem
        .socket()
        .orElseGet(() -> guest.folder() + "/" + filesystem.alias() + "-fs.sock");
  }

  private static void virtiofs(Guest guest, CommandLine out, Filesystem filesystem) {
    String chardev = "chr-vu-" + filesystem.alias();
    Props socket =
        Props.of("backend", "socket").put("id", chardev).put("path", socket(guest, filesystem));
    out.add(filesystem, "-chardev", socket.text("backend"));
    Props props =
        Virtio.device(
                guest,
                "vhost-user-fs",
                filesystem.model().orElse(""),
                filesystem,
                filesystem.driver())
            .put("id", filesystem.alias())
            .put("chardev", chardev);
    filesystem.driver().ifPresent(d -> props.put("queue-size", d.queueSize()));
    props.put("tag", filesystem.tag()).put("bootindex", filesystem.bootOrder());
    DeviceAddresses.put(props, guest, filesystem);
    out.add(filesystem, "-device", props);
  }

  private static void plan9(Guest guest, CommandLine out, Filesystem filesystem) {
    out.add(filesystem, "-fsdev", folder(filesystem).text("fsdriver"));
    Props props =
        Virtio.device(
                guest, "virtio-9p", filesystem.model().orElse(""), filesystem, filesystem.driver())
            .put("id", filesystem.alias())
            .put("fsdev", "fsdev-" + filesystem.alias())
            .put("mount_tag", filesystem.tag());
    DeviceAddresses.put(props, guest, filesystem);
    out.add(filesystem, "-device", props);
  }

  private static Props folder(Filesystem filesystem) {
    boolean handle =
        filesystem.driver().flatMap(FilesystemDriver::type).filter("handle"::equals).isPresent();
    Props props = Props.of("fsdriver", handle ? "handle" : "local");
    if (!handle) {
      String access = filesystem.accessMode();
      props.put("security_model", access.equals("squash") ? "none" : access);
    }
    props
        .put("multidevs", filesystem.multidevs())
        .put("fmode", filesystem.fileMode())
        .put("dmode", filesystem.folderMode())
        .put("writeout", filesystem.driver().flatMap(FilesystemDriver::writePolicy))
        .put("id", "fsdev-" + filesystem.alias())
        .put("path", filesystem.folder().orElse(""));
    return filesystem.readOnly() ? props.put("readonly", true) : props;
  }
}
