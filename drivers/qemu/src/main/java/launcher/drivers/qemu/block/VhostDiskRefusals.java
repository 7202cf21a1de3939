package launcher.drivers.qemu.block;

import java.util.List;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What QEMU cannot do for a disk whose blocks another process, or a vDPA device, serves. */
final class VhostDiskRefusals {
  private static final List<String> OPTIONS =
      List.of(
          "error_policy",
          "rerror_policy",
          "io",
          "ioeventfd",
          "copy_on_read",
          "discard",
          "discard_no_unref",
          "detect_zeroes",
          "iothread");

  private static final List<String> PARTS =
      List.of(
          "readonly",
          "shareable",
          "transient",
          "serial",
          "wwn",
          "vendor",
          "product",
          "blockio",
          "geometry",
          "iotune",
          "encryption",
          "throttlefilters");

  private VhostDiskRefusals() {}

  static void check(Draft draft) {
    for (XmlElement disk : draft.devices("disk")) {
      if (disk.is("type", "vhostuser")) {
        shared(draft, disk);
        user(draft, disk);
      } else if (disk.is("type", "vhostvdpa")) {
        shared(draft, disk);
        String cache = disk.value("driver/@cache", "");
        if (!Set.of("none", "directsync").contains(cache)) {
          draft.refuse(disk, "disk type 'vhostvdpa' requires cache mode 'directsync' or 'none'");
        }
      }
    }
  }

  // The other side reads the guest's memory by itself.
  private static void shared(Draft draft, XmlElement disk) {
    boolean shared = draft.domain().value("memoryBacking/access/@mode", "").equals("shared");
    boolean cells =
        draft.domain().at("cpu/numa").map(n -> n.children("cell")).orElse(List.of()).stream()
            .anyMatch(c -> c.is("memAccess", "shared"));
    if (!shared && !cells) {
      draft.refuse(disk, "'%s' requires shared memory".formatted(disk.attribute("type", "")));
    }
  }

  private static void user(Draft draft, XmlElement disk) {
    if (!disk.value("target/@bus", "virtio").equals("virtio")) {
      draft.refuse(disk, "a vhostuser disk supports only bus 'virtio'");
    }
    if (!disk.is("device", "disk")) {
      draft.refuse(disk, "only device='disk' is supported with a vhostuser disk");
    }
    if (!disk.attribute("snapshot", "no").equals("no")) {
      draft.refuse(disk, "only snapshot='no' is supported with a vhostuser disk");
    }
    XmlElement driver = disk.child("driver").orElse(XmlElement.of("driver"));
    if (!driver.attribute("cache", "default").equals("default")) {
      draft.refuse(driver, "cache is not supported with a vhostuser disk");
    }
    OPTIONS.stream()
        .filter(driver::has)
        .forEach(
            o -> draft.refuse(driver, "%s is not supported with a vhostuser disk".formatted(o)));
    for (String part : PARTS) {
      disk.child(part)
          .or(() -> disk.at("source/" + part))
          .ifPresent(
              p -> draft.refuse(p, "%s is not supported with a vhostuser disk".formatted(part)));
    }
  }
}
