package launcher.engine.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's packet rules from before nftables. Only their own tool can read them, which launcher
 * never runs; but the kernel tells whether there are any.
 */
final class OldTables {
  private static final Path NAMES = Path.of("/proc/net/ip_tables_names");
  private static final String FILTER = "filter";

  private OldTables() {}

  /** What to know of them, when there are rules that filter. */
  static Optional<String> warning() {
    try {
      List<String> names = Files.readAllLines(NAMES);
      return names.contains(FILTER)
          ? Optional.of(
              "rules of iptables-legacy are in the kernel, which are not read here: when guests get no way out, see what 'iptables-legacy -S FORWARD' drops")
          : Optional.empty();
    } catch (IOException noneInThisKernel) {
      return Optional.empty();
    }
  }
}
