package launcher.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.engine.EngineException.Kind;
import launcher.engine.device.NodeDeviceActs;
import launcher.engine.device.NodeDeviceList;
import launcher.schemas.XmlWriter;
import launcher.spawn.Spawner;

/** The PCI and USB devices of the host, and PCI devices that are set aside for guests by hand. */
public final class NodeDevices {
  private final NodeDeviceList list = new NodeDeviceList();
  private final NodeDeviceActs acts;

  NodeDevices(Path memory, Spawner spawner) {
    acts = new NodeDeviceActs(memory, spawner);
  }

  /**
   * One device.
   *
   * @param name {@code pci_0000_01_00_0} or {@code usb_1_1}
   * @param capability {@code pci} or {@code usb_device}
   * @param parent the name of what it hangs on; {@code computer} at the end
   */
  public record NodeDevice(String name, String capability, String parent) {}

  /** All devices, by name. */
  public List<NodeDevice> list() {
    return list.all().stream()
        .map(entry -> new NodeDevice(entry.name(), entry.kind(), entry.parent()))
        .toList();
  }

  /**
   * What one is, as {@code <device>} (libvirt formatnode).
   *
   * @throws EngineException when there is none
   */
  public String xml(String name) {
    return XmlWriter.write(list.describe(entry(name)));
  }

  /**
   * Takes a PCI device from the host's driver, so that guests can have it.
   *
   * @param driver instead of {@code vfio-pci}
   * @throws EngineException when it is no PCI device, or in use
   */
  public void detach(String name, Optional<String> driver) {
    act("detached", name, address -> acts.detach(address, driver));
  }

  /**
   * Gives a PCI device back to the host's driver.
   *
   * @throws EngineException as {@link #detach}
   */
  public void reattach(String name) {
    act("re-attached", name, acts::reattach);
  }

  /**
   * Resets a PCI device.
   *
   * @throws EngineException as {@link #detach}, and when it cannot be reset
   */
  public void reset(String name) {
    act("reset", name, acts::reset);
  }

  @FunctionalInterface
  private interface Act {
    void on(String address) throws IOException;
  }

  private void act(String done, String name, Act act) {
    NodeDeviceList.Entry entry = entry(name);
    if (!entry.kind().equals("pci")) {
      throw new EngineException(Kind.INVALID, "'" + name + "' is no PCI device");
    }
    try {
      act.on(entry.id());
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "device '" + name + "' is not " + done + ": " + EngineException.reason(e),
          e);
    }
  }

  private NodeDeviceList.Entry entry(String name) {
    return list.all().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new EngineException(
                Kind.NOT_FOUND, "the host has no PCI or USB device '" + name + "'"));
  }
}
