package launcher.drivers.qemu.address;

import java.util.ArrayList;
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

  /** A disk by what decides its place: a definition may have thousands. */
  private record Placed(XmlElement disk, String bus, int number) {
    static Placed of(XmlElement disk) {
      return new Placed(
          disk, disk.value("target/@bus", ""), DiskName.index(disk.value("target/@dev", "")));
    }
  }

  static void complete(Draft draft) {
    List<XmlElement> unsorted = draft.devices("disk");
    unsorted.forEach(DiskOrder::bus);
    unsorted.forEach(XmlElement::detach);
    List<Placed> sorted = new ArrayList<>();
    unsorted.forEach(disk -> insert(sorted, Placed.of(disk)));
    sorted.forEach(placed -> draft.devices().add(placed.disk()));
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

  /** Before the first of its bus that has a higher number, else behind the last of its bus. */
  private static void insert(List<Placed> sorted, Placed disk) {
    int behind = sorted.size();
    for (int i = 0; i < sorted.size(); i++) {
      if (sorted.get(i).bus().equals(disk.bus())) {
        if (sorted.get(i).number() > disk.number()) {
          sorted.add(i, disk);
          return;
        }
        behind = i + 1;
      }
    }
    sorted.add(behind, disk);
  }
}
