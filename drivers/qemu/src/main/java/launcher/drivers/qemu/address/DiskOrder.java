package launcher.drivers.qemu.address;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Orders the disks of each bus by their names, and gives a bus to those that name none. */
final class DiskOrder {
  private static final Map<String, String> USUAL_BUSES =
      Map.of("hd", "ide", "sd", "scsi", "vd", "virtio", "xvd", "xen", "ubd", "uml");

  private DiskOrder() {}

  static void complete(Draft draft) {
    List<XmlElement> unsorted = draft.devices("disk");
    unsorted.forEach(DiskOrder::bus);
    unsorted.forEach(XmlElement::detach);
    unsorted.forEach(disk -> insert(draft.devices(), disk));
  }

  private static void bus(XmlElement disk) {
    Optional<XmlElement> target = disk.child("target").filter(t -> !t.has("bus"));
    target.ifPresent(t -> usualBus(disk, t.attribute("dev", "")).ifPresent(b -> t.set("bus", b)));
  }

  private static Optional<String> usualBus(XmlElement disk, String name) {
    if (disk.is("device", "floppy")) {
      return Optional.of("fdc");
    }
    return USUAL_BUSES.entrySet().stream()
        .filter(e -> name.startsWith(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static void insert(XmlElement devices, XmlElement disk) {
    List<XmlElement> present = devices.children("disk");
    XmlElement before = null;
    XmlElement after = null;
    for (XmlElement other : present.reversed()) {
      boolean sameBus = onSameBus(other, disk);
      if (sameBus && number(other) > number(disk)) {
        before = other;
      } else if (sameBus && before == null && after == null) {
        after = other;
      }
    }
    if (before != null) {
      before.addBefore(disk);
    } else if (after != null) {
      after.addAfter(disk);
    } else if (present.isEmpty()) {
      devices.add(disk);
    } else {
      present.getLast().addAfter(disk);
    }
  }

  private static boolean onSameBus(XmlElement one, XmlElement other) {
    return one.value("target/@bus", "").equals(other.value("target/@bus", ""));
  }

  private static int number(XmlElement disk) {
    return DiskName.index(disk.value("target/@dev", ""));
  }
}
