package launcher.drivers.qemu.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** One form for {@code <sysinfo>}: entries in the order of the SMBIOS structures, each once. */
final class SysinfoTables {
  // System Management BIOS reference, types 0 to 3
  private static final Map<String, List<String>> ENTRIES =
      Map.of(
          "bios",
          List.of("vendor", "version", "date", "release"),
          "system",
          List.of("manufacturer", "product", "version", "serial", "uuid", "sku", "family"),
          "baseBoard",
          List.of("manufacturer", "product", "version", "serial", "asset", "location"),
          "chassis",
          List.of("manufacturer", "version", "serial", "asset", "sku"));

  private SysinfoTables() {}

  static void complete(Draft draft) {
    for (XmlElement info : draft.domain().children("sysinfo")) {
      if (info.is("type", "smbios")) {
        List.copyOf(info.children()).forEach(SysinfoTables::table);
      }
    }
  }

  // An entry without a value leaves QEMU's own in place; a table without entries says nothing.
  private static void table(XmlElement table) {
    for (XmlElement entry : table.children("entry")) {
      if (entry.text().isEmpty()) {
        entry.detach();
      } else if (entry.is("name", "uuid")) {
        entry.text(entry.text().strip().toLowerCase(Locale.ROOT));
      }
    }
    List<String> order = ENTRIES.get(table.name());
    if (order != null) {
      sort(table, order);
    }
    if (table.children().isEmpty()) {
      table.detach();
    }
  }

  private static void sort(XmlElement table, List<String> order) {
    Set<String> seen = new HashSet<>();
    List.copyOf(table.children()).stream()
        .filter(e -> !seen.add(e.attribute("name", "")))
        .forEach(XmlElement::detach);
    List<XmlElement> once = new ArrayList<>(table.children());
    once.sort(Comparator.comparingInt(e -> order.indexOf(e.attribute("name", ""))));
    table.reorder(once);
  }
}
