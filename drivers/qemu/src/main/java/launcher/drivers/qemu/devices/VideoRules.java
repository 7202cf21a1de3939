package launcher.drivers.qemu.devices;

import java.util.List;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlAttribute;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Completion of graphics cards. */
final class VideoRules {
  private static final long QXL_KIB = 64 * 1024;
  private static final long VGA_KIB = 16 * 1024;

  private VideoRules() {}

  /** A guest with a display has a card. */
  static void addCard(Draft draft) {
    if (draft.devices("video").isEmpty() && !draft.devices("graphics").isEmpty()) {
      draft.devices().add("video");
    }
  }

  /** Model, memory and which card is the first. */
  static void complete(Draft draft) {
    List<XmlElement> all = draft.devices("video");
    for (XmlElement video : all) {
      XmlElement model = video.childOrAdd("model");
      if (!model.has("type") || model.is("type", "default")) {
        model.set("type", usualModel(draft));
      }
      if (model.is("type", "none")) {
        strip(video, model);
      }
      completeMemory(model);
      video
          .child("driver")
          .filter(d -> d.is("vgaconf", "io"))
          .ifPresent(d -> {
            d.unset("vgaconf"); // as it is without being said
            if (d.attributes().isEmpty()) {
              d.detach();
            }
          });
    }
    choosePrimary(all);
  }

  // A card that is not there has no memory, no place and no index.
  private static void strip(XmlElement video, XmlElement model) {
    for (XmlAttribute attribute : List.copyOf(model.attributes())) {
      if (!attribute.name().equals("type")) {
        model.unset(attribute.name());
      }
    }
    List.copyOf(model.children()).forEach(XmlElement::detach);
    video.child("driver").ifPresent(XmlElement::detach);
    video.child("address").ifPresent(XmlElement::detach);
    video.child("acpi").ifPresent(XmlElement::detach);
  }

  private static String usualModel(Draft draft) {
    Machine machine = draft.machine();
    if (machine.ppc64()) {
      return "vga";
    }
    if (machine.armVirt() || machine.riscvVirt() || machine.loongarchVirt() || machine.s390()) {
      return "virtio";
    }
    if (draft.capabilities().has("cirrus-vga")) {
      return "cirrus";
    }
    return draft.capabilities().has("VGA") ? "vga" : "virtio";
  }

  private static void completeMemory(XmlElement model) {
    switch (model.attribute("type", "")) {
      case "none" -> {
        return;
      }
      case "qxl" -> {
        size(model, "ram", QXL_KIB);
        size(model, "vram", QXL_KIB);
        model.setDefault("vgamem", Long.toString(VGA_KIB));
      }
      case "vga", "cirrus", "vmvga", "bochs" -> size(model, "vram", VGA_KIB);
      default -> {
        if (model.is("vram", "0")) {
          model.unset("vram");
        } else if (model.has("vram")) {
          size(model, "vram", 0);
        }
      }
    }
    model.setDefault("heads", "1");
  }

  // QEMU wants powers of two.
  private static void size(XmlElement model, String attribute, long usual) {
    long wanted = Numbers.parse(model.attribute(attribute, "")).orElse(0);
    long size = wanted == 0 ? usual : wanted;
    long power = Long.highestOneBit(size);
    model.set(attribute, power == size ? size : power << 1);
  }

  // The firmware draws on one card; that one stands first.
  private static void choosePrimary(List<XmlElement> all) {
    if (all.isEmpty()) {
      return;
    }
    XmlElement primary =
        all.stream()
            .filter(v -> v.value("model/@primary", "").equals("yes"))
            .findFirst()
            .orElse(all.getFirst());
    for (XmlElement video : all) {
      video.childOrAdd("model").unset("primary");
    }
    if (!primary.value("model/@type", "").equals("none")) {
      primary.childOrAdd("model").set("primary", "yes");
    }
    if (primary != all.getFirst()) {
      all.getFirst().addBefore(primary);
    }
  }
}
