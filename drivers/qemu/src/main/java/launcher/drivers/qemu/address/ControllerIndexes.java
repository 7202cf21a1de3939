package launcher.drivers.qemu.address;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.schemas.XmlElement;

/** Numbers the controllers that the user has not numbered: the lowest free index of the type. */
public final class ControllerIndexes {
  private ControllerIndexes() {}

  /** Completes and orders the controllers of a definition's {@code <devices>}. */
  public static void complete(XmlElement devices) {
    Controllers controllers = new Controllers(devices);
    controllers.sort();
    List<XmlElement> all = controllers.all();
    for (int i = 0; i < all.size(); i++) {
      XmlElement controller = all.get(i);
      if (UsbModel.isCompanion(controller.attribute("model", ""))) {
        startport(controller);
      }
      if (Controllers.index(controller).isEmpty()) {
        String type = controller.attribute("type", "");
        int index =
            companionIndex(controller, all.subList(0, i), all)
                .orElseGet(() -> controllers.unusedIndex(type));
        controller.set("index", index);
      }
    }
    controllers.sort();
  }

  private static void startport(XmlElement controller) {
    if (!controller.hasChild("master")) {
      String port =
          switch (controller.attribute("model", "")) {
            case "ich9-uhci2" -> "2";
            case "ich9-uhci3" -> "4";
            default -> "0";
          };
      controller.addFirst(XmlElement.of("master")).set("startport", port);
    }
  }

  // The parts of a USB 2 controller stand one after the other without numbers: they share one
  // index as long as each model comes once.
  private static OptionalInt companionIndex(
      XmlElement controller, List<XmlElement> earlier, List<XmlElement> all) {
    String model = controller.attribute("model", "");
    if (!controller.is("type", "usb") || !UsbModel.isUsb2(model)) {
      return OptionalInt.empty();
    }
    Optional<XmlElement> previous =
        earlier.reversed().stream().filter(c -> c.is("type", "usb")).findFirst();
    if (previous.isEmpty() || !UsbModel.isUsb2(previous.get().attribute("model", ""))) {
      return OptionalInt.empty();
    }
    OptionalInt index = Controllers.index(previous.get());
    boolean taken =
        all.stream()
            .filter(c -> c != controller && c.is("type", "usb") && c.is("model", model))
            .anyMatch(c -> Controllers.index(c).equals(index));
    return taken ? OptionalInt.empty() : index;
  }
}
