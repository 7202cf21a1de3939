package launcher.drivers.qemu.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.schemas.XmlElement;

/** Devices and objects of a command that this QEMU has not. */
public final class MissingDevices {
  // QEMU lists types by their own names, and takes these as well
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "lsi", "lsi53c895a",
          "ahci", "ich9-ahci",
          "dc-390", "dc390",
          "virtio-iommu", "virtio-iommu-pci");

  private MissingDevices() {}

  /**
   * The names that QEMU does not know, with the element each comes from. A network card may have
   * any model; and not every device has a transitional kind, though its definition may ask for it:
   * both are for QEMU to judge.
   */
  public static Map<XmlElement, String> of(QemuCommand command, QemuCapabilities qemu) {
    Map<XmlElement, String> missing = new LinkedHashMap<>();
    for (CommandLine.Named named : command.line().named()) {
      String type = OTHER_NAMES.getOrDefault(named.type(), named.type());
      boolean free = named.origin().name().equals("interface") || type.endsWith("-transitional");
      if (!free && !qemu.types().isEmpty() && !qemu.has(type)) {
        missing.put(named.origin(), named.type());
      }
    }
    return missing;
  }

  /** What is wrong with a guest that needs the device. */
  public static String message(String type) {
    return "this QEMU has no '%s'".formatted(type);
  }

  static Optional<String> type(String flag, Props value) {
    Object name =
        switch (flag) {
          case "-device" -> value.get("driver").orElse("");
          case "-object" -> value.get("qom-type").orElse("");
          default -> "";
        };
    return Optional.of(name.toString()).filter(n -> !n.isEmpty());
  }
}
