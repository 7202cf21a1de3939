package launcher.drivers.qemu.command;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole command: binary, environment, arguments and the descriptors it inherits.
 *
 * @param emulator path of the binary
 * @param environment {@code NAME=value}
 */
public record QemuCommand(String emulator, List<String> environment, CommandLine line) {
  /** Copies the list. */
  public QemuCommand {
    environment = List.copyOf(environment);
  }

  /** Environment, binary and arguments, in this order. */
  public List<String> everything() {
    List<String> all = new ArrayList<>(environment);
    all.add(emulator);
    all.addAll(line.texts());
    return all;
  }
}
