package launcher.drivers.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Steps that take devices of the host for a guest and give them back: what a device was before is
 * remembered in a file of launcher's own until it is that again, whoever is killed meanwhile.
 */
public sealed interface HostDeviceStep extends Step {
  /** Which one: {@code 0000:01:00.0}. */
  String device();

  /** The folder in which launcher remembers what devices were and who has them. */
  Path memory();

  /** The UUID of the guest that gets it. */
  String user();

  @Override
  default String object() {
    return device();
  }

  /**
   * Takes a device for one guest alone; refused by name while another one has it.
   *
   * @param kind in words: {@code PCI device}, {@code USB device} …
   * @param device its name on the host
   * @param shared whether other guests that share it too may have it at the same time
   * @param guest the guest's name
   */
  record ClaimDevice(
      String kind, String device, boolean shared, String guest, Path memory, String user)
      implements HostDeviceStep {
    @Override
    public String name() {
      return "claim " + kind;
    }

    @Override
    public String undo() {
      return "release " + kind;
    }
  }

  /**
   * Makes sure that a PCI device is there, is none that the host itself needs, and that no device
   * the kernel cannot keep apart from it (its IOMMU group) belongs to somebody else.
   *
   * @param device its PCI address
   * @param own PCI addresses of all devices that the guest gets
   * @param managed whether it is about to be taken from the host's driver
   */
  record CheckGroup(String device, List<String> own, boolean managed, Path memory, String user)
      implements HostDeviceStep {
    public CheckGroup {
      own = List.copyOf(own);
    }

    @Override
    public String name() {
      return "check IOMMU group of PCI device";
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Takes a PCI device from the host's driver and binds it to one that hands it to guests; one that
   * is bound so already stays as it is, now and at the end.
   *
   * @param device its PCI address
   * @param driver {@code vfio-pci}, or a variant of it
   */
  record DetachDevice(String device, String driver, Path memory, String user)
      implements HostDeviceStep {
    @Override
    public String name() {
      return "detach PCI device";
    }

    @Override
    public String undo() {
      return "give PCI device back to the host";
    }
  }

  /**
   * Makes sure that somebody has bound a PCI device to a driver that hands it to guests.
   *
   * @param device its PCI address
   */
  record RequireVfio(String device, Path memory, String user) implements HostDeviceStep {
    @Override
    public String name() {
      return "find driver of PCI device";
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Makes sure that a mediated device is there.
   *
   * @param device its UUID
   */
  record RequireMediated(String device, Path memory, String user) implements HostDeviceStep {
    @Override
    public String name() {
      return "find mediated device";
    }

    @Override
    public String undo() {
      return "";
    }
  }

  /**
   * Gives a virtual function of a network card (SR-IOV) its hardware address and VLAN.
   *
   * @param device PCI address of the function
   * @param mac hardware address
   * @param vlan tag, 1 to 4094; none for untagged
   */
  record SetFunction(String device, String mac, Optional<Integer> vlan, Path memory, String user)
      implements HostDeviceStep {
    @Override
    public String name() {
      return "set address of virtual function";
    }

    @Override
    public String undo() {
      return "restore address of virtual function";
    }
  }
}
