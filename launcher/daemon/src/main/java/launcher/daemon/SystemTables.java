package launcher.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;

/** What the host's firmware says of itself (SMBIOS), as the kernel shows it. */
final class SystemTables {
  private static final Path FOLDER = Path.of("/sys/class/dmi/id");

  /** An entry of a table: libvirt's name and the kernel's file. */
  private record Entry(String name, String file) {}

  private SystemTables() {}

  /**
   * The {@code <sysinfo>} of the host.
   *
   * @throws ControlException when its firmware says nothing
   */
  static String xml() {
    XmlElement info = XmlElement.of("sysinfo").set("type", "smbios");
    table(
        info,
        "bios",
        new Entry("vendor", "bios_vendor"),
        new Entry("version", "bios_version"),
        new Entry("date", "bios_date"),
        new Entry("release", "bios_release"));
    table(
        info,
        "system",
        new Entry("manufacturer", "sys_vendor"),
        new Entry("product", "product_name"),
        new Entry("version", "product_version"),
        new Entry("serial", "product_serial"),
        new Entry("uuid", "product_uuid"),
        new Entry("sku", "product_sku"),
        new Entry("family", "product_family"));
    table(
        info,
        "baseBoard",
        new Entry("manufacturer", "board_vendor"),
        new Entry("product", "board_name"),
        new Entry("version", "board_version"),
        new Entry("serial", "board_serial"),
        new Entry("asset", "board_asset_tag"));
    table(
        info,
        "chassis",
        new Entry("manufacturer", "chassis_vendor"),
        new Entry("version", "chassis_version"),
        new Entry("serial", "chassis_serial"),
        new Entry("asset", "chassis_asset_tag"));
    if (info.children().isEmpty()) {
      throw new ControlException(
          Outcome.FAILED,
          "the firmware of this host says nothing of itself: there is no '" + FOLDER + "'");
    }
    return XmlWriter.write(info);
  }

  private static void table(XmlElement info, String name, Entry... entries) {
    XmlElement table = XmlElement.of(name);
    for (Entry entry : List.of(entries)) {
      String value = value(FOLDER.resolve(entry.file()));
      if (!value.isEmpty()) {
        table.add("entry").set("name", entry.name()).text(value);
      }
    }
    if (!table.children().isEmpty()) {
      info.add(table);
    }
  }

  private static String value(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      return ""; // serial numbers are for root
    }
  }
}
