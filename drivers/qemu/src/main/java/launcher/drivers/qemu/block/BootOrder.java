package launcher.drivers.qemu.block;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** Turns the kinds of devices to boot from ({@code <os><boot dev=>}) into an order of devices. */
final class BootOrder {
  private BootOrder() {}

  /** Gives the first device of each kind the place of its kind. */
  static void prepare(Draft draft) {
    List<XmlElement> kinds =
        draft.domain().child("os").map(os -> os.children("boot")).orElse(List.of());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < kinds.size(); i++) {
      String kind = kinds.get(i).attribute("dev", "");
      int order = i + 1;
      if (seen.add(kind)) {
        first(draft, kind)
            .filter(d -> !d.hasChild("boot"))
            .ifPresent(d -> d.add("boot").set("order", order));
      }
    }
  }

  private static Optional<XmlElement> first(Draft draft, String kind) {
    return switch (kind) {
      case "hd" -> disk(draft, Set.of("disk", "lun"));
      case "cdrom" -> disk(draft, Set.of("cdrom"));
      case "fd" -> disk(draft, Set.of("floppy"));
      case "network" -> draft.devices("interface").stream().findFirst();
      default -> Optional.empty();
    };
  }

  private static Optional<XmlElement> disk(Draft draft, Set<String> kinds) {
    return draft.devices("disk").stream()
        .filter(d -> kinds.contains(d.attribute("device", "disk")))
        .findFirst();
  }
}
