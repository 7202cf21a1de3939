package launcher.daemon;

import launcher.schemas.XmlElement;

/** Memory sizes in a domain. */
final class Memory {
  private static final long KIB = 1024;

  private Memory() {}

  /**
   * The KiB of an element such as {@code <memory unit='MiB'>}; the schema has checked it. The unit
   * is KiB when none is written (libvirt formatdomain).
   */
  static long kib(XmlElement domain, String element) {
    return domain
        .child(element)
        .map(size ->
            Long.parseLong(size.text().strip()) * bytes(size.attribute("unit", "KiB")) / KIB)
        .orElse(0L);
  }

  private static long bytes(String unit) {
    long base = unit.endsWith("B") && !unit.endsWith("iB") ? 1000 : KIB;
    int power = "BKMGTPE".indexOf(Character.toUpperCase(unit.charAt(0)));
    if (power < 1) {
      return 1; // b, bytes
    }
    long bytes = 1;
    for (int i = 0; i < power; i++) {
      bytes *= base;
    }
    return bytes;
  }
}
