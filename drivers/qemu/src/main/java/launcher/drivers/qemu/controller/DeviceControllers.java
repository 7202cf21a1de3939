package launcher.drivers.qemu.controller;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import launcher.drivers.qemu.address.Controllers;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** The controllers that are there because a device needs them. */
final class DeviceControllers {
  private static final List<String> DISK_BUSES = List.of("scsi", "fdc", "ide", "sata");

  private DeviceControllers() {}

  /** Adds those that are missing. */
  static void complete(Draft draft) {
    Controllers controllers = new Controllers(draft.devices());
    for (String bus : DISK_BUSES) {
      addUpTo(controllers, bus, highest(draft, bus));
    }
    serialPorts(draft, controllers);
    smartcards(draft, controllers);
  }

  private static OptionalInt highest(Draft draft, String bus) {
    return draft.devices("disk").stream()
        .filter(d -> d.value("target/@bus", "").equals(bus))
        .filter(d -> d.value("address/@type", "").equals("drive"))
        .mapToInt(DeviceControllers::controllerOf)
        .max();
  }

  // Higher ones are refused with the address, see AddressRefusals; none are added for them.
  private static int controllerOf(XmlElement device) {
    long index = Numbers.parse(device.value("address/@controller", "")).orElse(0);
    return Math.clamp(index, 0, Controllers.HIGHEST_INDEX);
  }

  private static void addUpTo(Controllers controllers, String type, OptionalInt highest) {
    for (int i = 0; i <= highest.orElse(-1); i++) {
      controllers.addMissing(type, i, "");
    }
  }

  private static void serialPorts(Draft draft, Controllers controllers) {
    for (String kind : List.of("channel", "console")) {
      for (XmlElement port : draft.devices(kind)) {
        if (port.value("target/@type", "").equals("virtio")) {
          boolean placed = port.value("address/@type", "").equals("virtio-serial");
          controllers.addMissing("virtio-serial", placed ? controllerOf(port) : 0, "");
        }
      }
    }
  }

  private static void smartcards(Draft draft, Controllers controllers) {
    for (XmlElement card : draft.devices("smartcard")) {
      if (!card.hasChild("address")) {
        OptionalLong last =
            draft.devices("smartcard").stream()
                .flatMap(c -> c.value("address/@slot").stream())
                .mapToLong(s -> Numbers.parse(s).orElse(0))
                .max();
        card.add("address")
            .set("type", "ccid")
            .set("controller", 0)
            .set("slot", last.isPresent() ? last.getAsLong() + 1 : 0);
      }
      if (card.value("address/@type", "").equals("ccid")) {
        controllers.addMissing("ccid", controllerOf(card), "");
      }
    }
  }

  // Another controller for more SCSI host devices is of the same model as the one before it.
  static void hostDevices(Draft draft) {
    Controllers controllers = new Controllers(draft.devices());
    int highest =
        draft.devices("hostdev").stream()
            .filter(h -> h.is("type", "scsi"))
            .mapToInt(DeviceControllers::controllerOf)
            .max()
            .orElse(-1);
    String model = "";
    for (int i = 0; i <= highest; i++) {
      Optional<XmlElement> present = controllers.find("scsi", i);
      if (present.isPresent()) {
        model = present.get().attribute("model", "");
      } else {
        controllers.add("scsi", i, model);
      }
    }
  }
}
