package launcher.engine.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tree of files that answers what is written to it as Linux's PCI bus does (Linux's
 * sysfs-bus-pci): drivers take and let go of devices.
 */
final class FakeKernel extends Sysfs {
  private final Path root;
  private final Map<String, String> usual = new HashMap<>();
  private final List<String> written = new ArrayList<>();
  private String stubborn = "";
  private int mortal = Integer.MAX_VALUE;

  FakeKernel(Path root) throws IOException {
    super(root);
    this.root = root;
    Files.createDirectories(path("bus", "pci", "devices"));
    Files.createDirectories(root.resolve("proc/self"));
    Files.createDirectories(root.resolve("proc/sys/kernel/random"));
    boot("a");
    Files.writeString(path("bus", "pci", "drivers_probe"), "");
    driver("vfio-pci");
  }

  /** The host is booted anew. */
  void boot(String name) throws IOException {
    Files.writeString(root.resolve("proc/sys/kernel/random/boot_id"), name + "\n");
  }

  void driver(String name) throws IOException {
    Path folder = Files.createDirectories(path("bus", "pci", "drivers", name));
    Files.writeString(folder.resolve("bind"), "");
    Files.writeString(folder.resolve("unbind"), "");
  }

  /** A driver that takes no device any more. */
  void stubborn(String driver) {
    stubborn = driver;
  }

  /** Who writes is killed before one more, once. */
  void writesUntilKilled(int count) {
    mortal = count;
  }

  /** A device with the driver that the host uses it by, empty for none. */
  void device(String address, String driver, String group) throws IOException {
    Path folder = Files.createDirectories(pci(address));
    Files.writeString(folder.resolve("driver_override"), "(null)\n");
    Files.writeString(folder.resolve("class"), "0x020000\n");
    Path members = Files.createDirectories(path("kernel", "iommu_groups", group, "devices"));
    Files.createSymbolicLink(members.resolve(address), folder);
    Files.createSymbolicLink(folder.resolve("iommu_group"), path("kernel", "iommu_groups", group));
    if (!driver.isEmpty()) {
      driver(driver);
      usual.put(address, driver);
      bind(address, driver);
    }
  }

  String boundTo(String address) {
    return target(pci(address).resolve("driver")).orElse("");
  }

  /** Everything that was written, as {@code file = text}. */
  List<String> written() {
    return List.copyOf(written);
  }

  @Override
  void write(Path file, String text) throws IOException {
    if (mortal-- == 0) {
      throw new IOException("killed");
    }
    super.write(file, text);
    String name = String.valueOf(file.getFileName());
    written.add(name + " = " + text.strip());
    switch (name) {
      case "driver_override" ->
          Files.writeString(file, text.isBlank() ? "(null)\n" : text.strip() + "\n");
      case "unbind" -> Files.delete(pci(text).resolve("driver"));
      case "bind" -> bind(text, String.valueOf(file.resolveSibling("").getFileName()));
      case "drivers_probe" -> probe(text);
      default -> throw new IOException("the kernel has no file '" + file + "'");
    }
  }

  private void probe(String address) throws IOException {
    String only = read(pci(address).resolve("driver_override"));
    String driver = only.equals("(null)") ? usual.getOrDefault(address, "") : only;
    if (boundTo(address).isEmpty()
        && !driver.equals(stubborn)
        && Files.isDirectory(path("bus", "pci", "drivers", driver))) {
      bind(address, driver);
    }
  }

  private void bind(String address, String driver) throws IOException {
    if (!driver.isEmpty() && !driver.equals(stubborn)) {
      Files.createSymbolicLink(
          pci(address).resolve("driver"), path("bus", "pci", "drivers", driver));
    }
  }
}
