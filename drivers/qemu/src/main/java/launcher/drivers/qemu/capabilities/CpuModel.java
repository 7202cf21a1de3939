package launcher.drivers.qemu.capabilities;

import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.json.JsonObject;

/**
 * A CPU model of a QEMU binary under one accelerator.
 *
 * @param name as given to {@code -cpu}
 * @param type QOM type
 * @param missing what the host lacks for it; empty when it can run
 * @param aliasOf versioned model that it means
 */
public record CpuModel(
    String name, String type, List<String> missing, Optional<String> aliasOf, boolean deprecated) {
  /** Copies the list. */
  public CpuModel {
    missing = List.copyOf(missing);
  }

  static CpuModel of(JsonObject reply) {
    return new CpuModel(
        reply.string("name", ""),
        reply.string("typename", ""),
        reply.strings("unavailable-features"),
        reply.string("alias-of"),
        reply.bool("deprecated", false));
  }
}
