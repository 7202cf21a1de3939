package launcher.drivers.qemu.machine;

import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Switches of the machine that follow from the guest's devices and cells. */
final class MachineDevices {
  private MachineDevices() {}

  static void put(Guest guest, Props machine) {
    XmlElement devices = guest.tree().childOrAdd("devices");
    boolean nvdimm = devices.children("memory").stream().anyMatch(m -> m.is("model", "nvdimm"));
    if (nvdimm) {
      machine.put("nvdimm", true);
    }
    enclaves(devices, machine);
    devices.children("iommu").stream()
        .filter(i -> i.is("model", "smmuv3"))
        .forEach(i -> machine.put("iommu", "smmuv3"));
    devices.children("sound").stream()
        .filter(s -> s.is("model", "pcspk"))
        .findFirst()
        .ifPresent(s -> machine.put("pcspk-audiodev", "audio" + s.value("audio/@id", "1")));
    boolean latencies =
        guest.cells().stream().anyMatch(c -> c.hasChild("cache"))
            || guest.tree().at("cpu/numa/interconnects").isPresent();
    if (latencies) {
      machine.put("hmat", true);
    }
    boolean confidential = guest.domain().launchSecurity().isPresent();
    if (confidential) {
      machine.put("confidential-guest-support", "lsec0");
    }
    boolean cxl =
        devices.children("controller").stream().anyMatch(c -> c.is("model", "cxl-expander-bus"));
    if (cxl) {
      machine.put("cxl", true);
    }
  }

  private static void enclaves(XmlElement devices, Props machine) {
    int number = 0;
    for (XmlElement memory : devices.children("memory")) {
      if (memory.is("model", "sgx-epc")) {
        String section = "sgx-epc." + number++;
        machine.put(section + ".memdev", "mem" + memory.value("alias/@name", ""));
        machine.put(section + ".node", Numbers.parse(memory.value("target/node", "0")));
      }
    }
  }
}
