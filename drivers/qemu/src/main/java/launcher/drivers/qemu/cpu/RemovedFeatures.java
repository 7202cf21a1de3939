package launcher.drivers.qemu.cpu;

import java.util.Map;
import java.util.Set;

/**
 * Features that QEMU took out of models whose name says no version, as processors lost them. A
 * guest with such a model is told that they are off, so that it sees the same hardware whichever
 * QEMU runs it (seen of libvirt 11.3 with each model of QEMU 10.0).
 */
final class RemovedFeatures {
  private static final Set<String> BOUNDS = Set.of("mpx");
  private static final Set<String> WAIT = Set.of("monitor");

  private static final Map<String, Set<String>> BY_MODEL =
      Map.ofEntries(
          Map.entry("Cascadelake-Server", BOUNDS),
          Map.entry("Cascadelake-Server-noTSX", BOUNDS),
          Map.entry("Icelake-Server", Set.of("mpx", "intel-pt")),
          Map.entry("Icelake-Server-noTSX", Set.of("mpx", "intel-pt")),
          Map.entry("Skylake-Client", BOUNDS),
          Map.entry("Skylake-Client-IBRS", BOUNDS),
          Map.entry("Skylake-Client-noTSX-IBRS", BOUNDS),
          Map.entry("Skylake-Server", BOUNDS),
          Map.entry("Skylake-Server-IBRS", BOUNDS),
          Map.entry("Skylake-Server-noTSX-IBRS", BOUNDS),
          Map.entry("Dhyana", WAIT),
          Map.entry("EPYC", WAIT),
          Map.entry("EPYC-IBPB", WAIT),
          Map.entry("Opteron_G3", WAIT));

  private RemovedFeatures() {}

  static Set<String> of(String model) {
    return BY_MODEL.getOrDefault(model, Set.of());
  }
}
