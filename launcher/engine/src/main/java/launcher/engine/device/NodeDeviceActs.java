package launcher.engine.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.spawn.Spawner;

/**
 * Takes PCI devices from the host's drivers by hand, and gives them back; not those that a guest
 * has.
 */
public final class NodeDeviceActs {
  private static final String USUAL_DRIVER = "vfio-pci";

  private final Sysfs sysfs;
  private final PciBinding binding;
  private final DeviceMemory memory;
  private final DeviceClaims claims;

  /**
   * Of this host.
   *
   * @param memory the folder in which launcher remembers what devices were
   */
  public NodeDeviceActs(Path memory, Spawner spawner) {
    this(Sysfs.HOST, memory, spawner);
  }

  NodeDeviceActs(Sysfs sysfs, Path folder, Spawner spawner) {
    this.sysfs = sysfs;
    binding = new PciBinding(sysfs, spawner);
    memory = new DeviceMemory(folder, sysfs);
    claims = new DeviceClaims(memory);
  }

  private static String name(PciDevice device) {
    return "detached " + device.address();
  }

  private PciDevice free(String address) throws IOException {
    Optional<String> holder = claims.holder(PciChecks.KIND, address, "");
    if (holder.isPresent()) {
      throw new IOException("it is used by guest '" + holder.get() + "'");
    }
    return new PciDevice(sysfs, address);
  }

  /**
   * Binds a device to a driver that hands it to guests, until it is given back.
   *
   * @param driver instead of {@code vfio-pci}
   * @throws IOException with the reason in words
   */
  public void detach(String address, Optional<String> driver) throws IOException {
    memory.alone(() -> {
      PciDevice device = free(address);
      String wanted = driver.orElse(USUAL_DRIVER);
      if (device.driver().equals(Optional.of(wanted))) {
        return;
      }
      device.refuseBridge();
      new HostUse(sysfs).refuse(device);
      if (memory.read(name(device)).isEmpty()) {
        memory.write(name(device), PciBinding.Before.of(device).lines());
      }
      binding.hand(device, wanted);
    });
  }

  /**
   * Gives a device back to the driver that it had, or to whichever wants it.
   *
   * @throws IOException with the reason in words
   */
  public void reattach(String address) throws IOException {
    memory.alone(() -> {
      PciDevice device = free(address);
      Optional<List<String>> before = memory.read(name(device));
      if (before.isPresent()) {
        binding.giveBack(device, PciBinding.Before.of(before.get()));
        memory.forget(name(device));
      } else if (device.handedOver()) {
        binding.letGo(device);
      }
    });
  }

  /**
   * Resets a device. One that VFIO has is reset whenever it changes hands.
   *
   * @throws IOException with the reason in words
   */
  public void reset(String address) throws IOException {
    memory.alone(() -> {
      PciDevice device = free(address);
      if (device.handedOver()) {
        return;
      }
      new HostUse(sysfs).refuse(device);
      Path reset = device.folder().resolve("reset");
      if (!Files.exists(reset)) {
        throw new IOException("it has no way to be reset");
      }
      sysfs.write(reset, "1");
    });
  }
}
