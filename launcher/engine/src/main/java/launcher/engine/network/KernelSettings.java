package launcher.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/** Settings of the kernel under {@code /proc/sys} (sysctl(8)). */
final class KernelSettings {
  private static final Path ROOT = Path.of("/proc/sys");

  private KernelSettings() {}

  /** Writes settings; those that this kernel lacks are passed over. */
  static void write(Map<String, String> settings) {
    settings.forEach(KernelSettings::write);
  }

  /** Writes one setting, unless the kernel lacks it. */
  static void write(String name, String value) {
    try {
      // An option of open(2) that creates would ask procfs for what it refuses.
      Files.writeString(path(name), value, StandardOpenOption.WRITE);
    } catch (NoSuchFileException absent) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot set '" + name + "' to '" + value + "': " + e.getMessage(), e);
    }
  }

  /** Reads one setting; empty when the kernel lacks it. */
  static Optional<String> read(String name) {
    try {
      return Optional.of(Files.readString(path(name)).strip());
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private static Path path(String name) {
    Path path = ROOT.resolve(name).normalize();
    if (!path.startsWith(ROOT)) {
      throw new IllegalArgumentException("'" + name + "' is no setting of the kernel");
    }
    return path;
  }
}
