package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the kernel counts on a network device; the host's receiving is the guest's sending. */
final class NetworkCounters {
  private static final Map<String, String> NAMES =
      Map.of(
          "rx_bytes", "tx.bytes",
          "rx_packets", "tx.pkts",
          "rx_errors", "tx.errs",
          "rx_dropped", "tx.drop",
          "tx_bytes", "rx.bytes",
          "tx_packets", "rx.pkts",
          "tx_errors", "rx.errs",
          "tx_dropped", "rx.drop");

  private NetworkCounters() {}

  /** The counters under virsh's names; empty when there is no such device. */
  static Map<String, Long> read(String device) {
    Map<String, Long> counters = new LinkedHashMap<>();
    if (device.contains("/")) {
      return counters;
    }
    Path folder = Path.of("/sys/class/net", device, "statistics");
    NAMES.forEach((file, name) -> {
      try {
        counters.put(name, Long.parseLong(Files.readString(folder.resolve(file)).strip()));
      } catch (IOException gone) {
        counters.remove(name);
      }
    });
    return counters;
  }
}
