package launcher.drivers.plan;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the engine has set aside for one start, so that planning needs to ask nobody.
 *
 * @param id number of this run of the guest, at least 1
 * @param runFolder of this guest alone, gone when it ends; short enough for sockets in it
 * @param stateFolder of this guest alone, lasting
 * @param log where the program's output goes
 * @param named other things by name: ports, bridges of networks, device names
 */
public record Grants(
    int id, Path runFolder, Path stateFolder, Path log, Map<String, String> named) {
  public Grants {
    named = Map.copyOf(named);
  }

  /** A socket or file in the run folder. */
  public Path run(String name) {
    return runFolder.resolve(name);
  }
}
