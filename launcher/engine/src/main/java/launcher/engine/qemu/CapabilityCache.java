package launcher.engine.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.capabilities.QemuProbe;
import launcher.drivers.qemu.host.HostProfile;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.FileNames;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.Signal;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;

/**
 * What each QEMU binary can do: asked of the binary itself, once, and kept as the recorded
 * conversation under the identity of the file (path, size, change time) and of {@code /dev/kvm}.
 */
final class CapabilityCache {
  private final Path folder;
  private final Spawner spawner;
  private final Map<String, QemuCapabilities> known = new HashMap<>();

  CapabilityCache(Path folder, Spawner spawner) {
    this.folder = folder;
    this.spawner = spawner;
  }

  /**
   * What a binary can do.
   *
   * @throws EngineException when there is no such binary, or it cannot be asked
   */
  synchronized QemuCapabilities of(Path binary) {
    try {
      String identity = identity(binary);
      QemuCapabilities found = known.get(identity);
      if (found == null) {
        found = read(binary, folder.resolve(FileNames.digest(identity) + ".replies"));
        known.put(identity, found);
      }
      return found;
    } catch (IOException | UncheckedIOException | SpawnException e) {
      throw new EngineException(
          Kind.FAILED,
          "QEMU '" + binary + "' cannot be asked what it can do: " + e.getMessage(),
          e);
    }
  }

  private static String identity(Path binary) throws IOException {
    if (!Files.isExecutable(binary)) {
      throw new EngineException(
          Kind.INVALID,
          "there is no QEMU '" + binary + "': install it, or name another <emulator>");
    }
    BasicFileAttributes file = Files.readAttributes(binary.toRealPath(), BasicFileAttributes.class);
    Path kvm = Path.of("/dev/kvm");
    return binary
        + " "
        + file.size()
        + " "
        + file.lastModifiedTime()
        + " "
        + Files.getAttribute(binary.toRealPath(), "unix:ctime")
        + " "
        + (Files.isReadable(kvm) && Files.isWritable(kvm));
  }

  private QemuCapabilities read(Path binary, Path cached) throws IOException {
    if (Files.exists(cached)) {
      try {
        return HostProfile.capabilities(Files.readString(cached));
      } catch (IllegalArgumentException broken) {
        // asked again below, which replaces it
        Files.deleteIfExists(cached);
      }
    }
    String replies = ask(binary);
    AtomicFile.folder(folder, 0755);
    AtomicFile.write(cached, replies);
    return HostProfile.capabilities(replies);
  }

  private String ask(Path binary) throws IOException {
    try (Child best = start(binary, "kvm:tcg")) {
      try {
        LiveExchange first = new LiveExchange(best);
        QemuCapabilities found = QemuProbe.probe(first, Optional.empty());
        return first.recording() + (found.kvm() ? askEmulation(binary) : "");
      } finally {
        best.stop(Duration.ofSeconds(1));
      }
    }
  }

  // Models of processors differ between KVM and emulation.
  private String askEmulation(Path binary) throws IOException {
    try (Child qemu = start(binary, "tcg")) {
      try {
        LiveExchange exchange = new LiveExchange(qemu);
        QemuProbe.probe(exchange, Optional.empty());
        return exchange.recording();
      } finally {
        qemu.stop(Duration.ofSeconds(1));
      }
    }
  }

  private Child start(Path binary, String accelerators) {
    return spawner.start(
        CommandSpec.of(binary)
            .add("-S", "-no-user-config", "-nodefaults", "-display", "none")
            .add("-machine", "none,accel=" + accelerators)
            .add("-qmp", "stdio")
            .variable("LC_ALL", "C")
            .input(new StandardInput.Piped())
            .output(new StandardOutput.Piped())
            // it does not mind that nobody asks any more
            .parentDeathSignal(Signal.KILL)
            .build());
  }
}
