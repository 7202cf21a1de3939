package launcher.drivers.qemu.command;

import java.util.List;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.host.QemuHost;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Devices;
import launcher.schemas.domain.Domain;

/**
 * A prepared guest, from which the command line is written.
 *
 * @param domain the typed model of the tree
 * @param tree the prepared tree: completed, with aliases and ports
 * @param machine architecture and machine type
 * @param host what is known of the host
 */
public record Guest(Domain domain, XmlElement tree, Machine machine, QemuHost host) {
  /** The devices. */
  public Devices devices() {
    return domain.devices();
  }

  /** What the QEMU binary can do. */
  public QemuCapabilities capabilities() {
    return host.capabilities();
  }

  /** Whether KVM runs the guest. */
  public boolean kvm() {
    return domain.type().equals("kvm");
  }

  /** The folder of this guest's own files. */
  public String folder() {
    return host.folders().guest(domain.name());
  }

  /** The NUMA cells of the guest, empty for a guest without. */
  public List<XmlElement> cells() {
    return tree.at("cpu/numa").map(n -> n.children("cell")).orElse(List.of());
  }
}
