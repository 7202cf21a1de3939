package launcher.drivers.qemu.address;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/**
 * The ids of devices inside a guest's process. A user may name devices ({@code ua-…}); all others
 * are named after their kind and number, anew at each start.
 */
public final class Aliases {
  private static final String USER = "ua-";

  /** Kinds whose ids are counted on; the number is the place in the list of the kind. */
  private static final List<String> COUNTED =
      List.of(
          "filesystem",
          "sound",
          "redirdev",
          "video",
          "input",
          "parallel",
          "serial",
          "channel",
          "hub",
          "shmem",
          "smartcard",
          "watchdog",
          "memballoon",
          "rng",
          "tpm",
          "vsock",
          "crypto",
          "iommu",
          "panic",
          "pstore");

  private Aliases() {}

  /** Drops names that are not the user's own: each start gives new ones. */
  public static void dropForeign(Draft draft) {
    for (XmlElement device : draft.devices().children()) {
      device
          .child("alias")
          .filter(a -> !isUsers(a.attribute("name", "")))
          .ifPresent(XmlElement::detach);
    }
  }

  private static boolean isUsers(String name) {
    return name.startsWith(USER)
        && name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
  }

  /** Gives every device its id. */
  public static void give(Draft draft) {
    Set<String> taken = new HashSet<>();
    for (XmlElement device : draft.devices().children()) {
      device.value("alias/@name").ifPresent(taken::add);
    }
    for (XmlElement controller : new Controllers(draft.devices()).all()) {
      String type = controller.attribute("type", "");
      name(
          controller,
          ofController(
              draft.machine(),
              type,
              controller.attribute("model", ""),
              Controllers.indexOf(controller)));
    }
    draft.devices("disk").forEach(d -> name(d, ofDisk(draft, d)));
    draft.devices("interface").stream()
        .filter(n -> !n.is("type", "hostdev"))
        .forEach(n -> number(n, "net", taken));
    draft.devices("interface").forEach(n -> number(n, "hostdev", taken));
    draft.devices("hostdev").forEach(h -> number(h, "hostdev", taken));
    for (String kind : COUNTED) {
      List<XmlElement> all = draft.devices(kind);
      for (int i = 0; i < all.size(); i++) {
        // after one before it was unplugged, a new one's place may be the number of another
        if (taken.contains(prefix(kind) + i)) {
          number(all.get(i), prefix(kind), taken);
        } else {
          name(all.get(i), prefix(kind) + i);
        }
      }
    }
    consoles(draft);
    draft.devices("memory").forEach(m -> memory(m, taken));
    draft.devices("nvram").forEach(n -> name(n, "nvram"));
  }

  private static String prefix(String kind) {
    return switch (kind) {
      case "filesystem" -> "fs";
      case "redirdev" -> "redir";
      case "memballoon" -> "balloon";
      default -> kind;
    };
  }

  private static void name(XmlElement device, String alias) {
    if (!device.hasChild("alias")) {
      device.add("alias").set("name", alias);
    }
  }

  // The first console may be another view of the first serial port: one device, one name.
  private static void consoles(Draft draft) {
    List<XmlElement> consoles = draft.devices("console");
    List<XmlElement> serials = draft.devices("serial");
    for (int i = 0; i < consoles.size(); i++) {
      boolean same =
          i == 0
              && !serials.isEmpty()
              && consoles.get(i).value("target/@type", "").equals("serial");
      name(
          consoles.get(i),
          same ? serials.getFirst().value("alias/@name", "serial0") : "console" + i);
    }
  }

  // The first number that no device before it has.
  private static void number(XmlElement device, String prefix, Set<String> taken) {
    if (!device.hasChild("alias")) {
      int number = 0;
      while (!taken.add(prefix + number)) {
        number++;
      }
      name(device, prefix + number);
    }
  }

  private static void memory(XmlElement memory, Set<String> taken) {
    switch (memory.attribute("model", "")) {
      case "dimm" -> name(memory, "dimm" + memory.value("address/@slot", "0"));
      case "nvdimm" -> name(memory, "nvdimm" + memory.value("address/@slot", "0"));
      case "virtio-pmem" -> number(memory, "virtiopmem", taken);
      case "virtio-mem" -> number(memory, "virtiomem", taken);
      default -> number(memory, "epc", taken);
    }
  }

  private static String ofDisk(Draft draft, XmlElement disk) {
    String bus = disk.value("target/@bus", "");
    String controller = disk.value("address/@controller", "0");
    String place = disk.value("address/@bus", "0") + "-";
    String unit = disk.value("address/@unit", "0");
    return switch (bus) {
      case "ide", "sata", "fdc" -> bus + controller + "-" + place + unit;
      case "scsi" ->
          hasNarrowBus(draft, controller)
              ? bus + controller + "-" + place + unit
              : bus + controller + "-" + place + disk.value("address/@target", "0") + "-" + unit;
      default -> bus + "-disk" + DiskName.index(disk.value("target/@dev", ""));
    };
  }

  private static boolean hasNarrowBus(Draft draft, String controller) {
    Optional<String> model =
        new Controllers(draft.devices())
            .ofType("scsi").stream()
                .filter(c -> c.is("index", controller))
                .findFirst()
                .map(c -> c.attribute("model", ""));
    return model.filter(m -> m.equals("lsilogic") || m.isEmpty()).isPresent();
  }

  /** The usual id of a controller. Those that are part of the machine have QEMU's own names. */
  public static String ofController(Machine machine, String type, String model, int index) {
    return switch (type) {
      case "pci" -> pciRoot(machine, model, index);
      case "ide" -> machine.i440fx() && index == 0 ? "ide" : type + index;
      case "sata" -> machine.q35() && index == 0 ? "ide" : type + index;
      case "usb" -> index == 0 ? "usb" : type + index;
      case "scsi" -> machine.arch().startsWith("sparc") && index == 0 ? "scsi" : type + index;
      default -> type + index;
    };
  }

  private static String pciRoot(Machine machine, String model, int index) {
    // QEMU numbers the buses of machines that may have several
    boolean several =
        machine.x86()
            || machine.ppc()
            || machine.armVirt()
            || machine.riscvVirt()
            || machine.loongarchVirt()
            || machine.s390();
    if (!several) {
      return "pci";
    }
    return (model.equals("pcie-root") ? "pcie." : "pci.") + index;
  }
}
