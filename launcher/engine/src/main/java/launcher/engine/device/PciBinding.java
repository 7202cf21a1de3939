package launcher.engine.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;

/**
 * Binds PCI devices to drivers: by {@code driver_override}, which names the only driver that may
 * have a device, so that no other one of its kind is touched (Linux's sysfs-bus-pci).
 */
final class PciBinding {
  private static final Duration MODULE = Duration.ofSeconds(60);

  private final Sysfs sysfs;
  private final Spawner spawner;

  PciBinding(Sysfs sysfs, Spawner spawner) {
    this.sysfs = sysfs;
    this.spawner = spawner;
  }

  /**
   * What a device was before it was detached.
   *
   * @param driver the driver it was bound to
   * @param override its {@code driver_override}, empty for none
   */
  record Before(Optional<String> driver, String override) {
    static Before of(PciDevice device) {
      return new Before(device.driver(), device.override());
    }

    static Before of(List<String> lines) {
      return new Before(
          Optional.of(lines.get(0)).filter(driver -> !driver.isEmpty()), lines.get(1));
    }

    List<String> lines() {
      return List.of(driver.orElse(""), override);
    }
  }

  /** Binds it to a driver that hands it to guests. */
  void hand(PciDevice device, String driver) throws IOException {
    load(driver);
    sysfs.write(device.folder().resolve("driver_override"), driver);
    unbind(device);
    probe(device);
    Optional<String> now = device.driver();
    if (!now.equals(Optional.of(driver))) {
      throw new IOException(
          "driver '%s' did not take it%s; the kernel's log (dmesg) may say why"
              .formatted(driver, now.map(other -> ", '" + other + "' has it").orElse("")));
    }
  }

  /** Makes it what it was. */
  void giveBack(PciDevice device, Before before) throws IOException {
    if (!device.exists()) {
      return; // pulled out meanwhile
    }
    String override = before.override().isEmpty() ? "\n" : before.override();
    sysfs.write(device.folder().resolve("driver_override"), override);
    if (device.driver().equals(before.driver())) {
      return;
    }
    unbind(device);
    if (before.driver().isEmpty()) {
      return;
    }
    String driver = before.driver().get();
    probe(device);
    if (device.driver().isEmpty()) {
      bind(device, driver);
    }
    Optional<String> now = device.driver();
    if (!now.equals(before.driver())) {
      throw new IOException(
          "its driver '%s' did not take it back%s; the kernel's log (dmesg) may say why"
              .formatted(driver, now.map(other -> ", '" + other + "' has it").orElse("")));
    }
  }

  /** Lets whichever driver wants it have it: nobody knows any more what it was. */
  void letGo(PciDevice device) throws IOException {
    sysfs.write(device.folder().resolve("driver_override"), "\n");
    unbind(device);
    probe(device);
  }

  private void unbind(PciDevice device) throws IOException {
    Path driver = device.folder().resolve("driver");
    if (Files.exists(driver)) {
      sysfs.write(driver.resolve("unbind"), device.address());
    }
  }

  private void probe(PciDevice device) throws IOException {
    sysfs.write(sysfs.path("bus", "pci", "drivers_probe"), device.address());
  }

  private void bind(PciDevice device, String driver) throws IOException {
    Path folder = driver(driver);
    if (Files.exists(folder)) {
      sysfs.write(folder.resolve("bind"), device.address());
    }
  }

  private Path driver(String name) throws IOException {
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      throw new IOException("'" + name + "' cannot be the name of a driver");
    }
    return sysfs.path("bus", "pci", "drivers", name);
  }

  private void load(String driver) throws IOException {
    if (Files.isDirectory(driver(driver))) {
      return;
    }
    String reason;
    try {
      CommandSpec command =
          CommandSpec.of("modprobe")
              .addAll(List.of("-b", "--", driver))
              .environment(Environment.common())
              .capture()
              .build();
      Completed ended = spawner.run(command, MODULE);
      reason = ended.error().text().strip();
    } catch (SpawnException e) {
      reason = String.valueOf(e.getMessage());
    }
    if (!Files.isDirectory(driver(driver))) {
      throw new IOException(
          "this kernel has no PCI driver '%s'%s"
              .formatted(driver, reason.isEmpty() ? "" : ": " + reason));
    }
  }
}
