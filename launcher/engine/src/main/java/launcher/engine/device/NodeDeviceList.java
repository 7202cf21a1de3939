package launcher.engine.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.schemas.XmlElement;

/** The PCI and USB devices of the host, by libvirt's names and in its words (formatnode). */
public final class NodeDeviceList {
  /** What all devices hang on. */
  public static final String COMPUTER = "computer";

  private final Sysfs sysfs;

  /** Of this host. */
  public NodeDeviceList() {
    this(Sysfs.HOST);
  }

  NodeDeviceList(Sysfs sysfs) {
    this.sysfs = sysfs;
  }

  /**
   * One device.
   *
   * @param name {@code pci_0000_01_00_0} or {@code usb_1_1}
   * @param kind {@code pci} or {@code usb_device}
   * @param id what sysfs calls it
   * @param parent the name of what it hangs on
   */
  public record Entry(String name, String kind, String id, String parent) {}

  /** All of them, by name. */
  public List<Entry> all() {
    List<Entry> found = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String address : sysfs.names(sysfs.path("bus", "pci", "devices"))) {
      found.add(
          new Entry(
              new PciDevice(sysfs, address).nodeName(), "pci", address, parent(pci(address))));
    }
    for (UsbDevices.Usb usb : new UsbDevices(sysfs).all()) {
      found.add(new Entry(usbName(usb.name()), "usb_device", usb.name(), parent(usb(usb.name()))));
    }
    found.forEach(entry -> names.add(entry.name()));
    return found.stream()
        .map(entry ->
            names.contains(entry.parent())
                ? entry
                : new Entry(entry.name(), entry.kind(), entry.id(), COMPUTER))
        .sorted(Comparator.comparing(Entry::name))
        .toList();
  }

  private Path pci(String address) {
    return sysfs.pci(address);
  }

  private Path usb(String name) {
    return sysfs.path("bus", "usb", "devices", name);
  }

  private static String usbName(String name) {
    return "usb_" + name.replaceAll("[^A-Za-z0-9]", "_");
  }

  /** By the folder that it lies in. */
  private String parent(Path device) {
    String above = String.valueOf(real(device).resolveSibling("").getFileName());
    if (above.matches("[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-9a-f]")) {
      return new PciDevice(sysfs, above).nodeName();
    }
    return usbName(above);
  }

  private static Path real(Path device) {
    try {
      return device.toRealPath();
    } catch (IOException gone) {
      return device;
    }
  }

  /** One in libvirt's XML. */
  public XmlElement describe(Entry entry) {
    boolean isPci = entry.kind().equals("pci");
    Path folder = isPci ? pci(entry.id()) : usb(entry.id());
    XmlElement device = XmlElement.of("device");
    device.add("name").text(entry.name());
    device.add("path").text(real(folder).toString());
    if (!isPci) {
      device
          .add("devnode")
          .set("type", "dev")
          .text(UsbDevices.node(number(folder, "busnum"), number(folder, "devnum")).toString());
    }
    device.add("parent").text(entry.parent());
    sysfs
        .target(folder.resolve("driver"))
        .ifPresent(driver -> device.add("driver").add("name").text(driver));
    XmlElement capability = device.add("capability").set("type", entry.kind());
    if (isPci) {
      pci(capability, new PciDevice(sysfs, entry.id()));
    } else {
      capability.add("bus").text(Long.toString(number(folder, "busnum")));
      capability.add("device").text(Long.toString(number(folder, "devnum")));
      identity(capability, "product", folder, "idProduct", "product");
      identity(capability, "vendor", folder, "idVendor", "manufacturer");
    }
    return device;
  }

  private void pci(XmlElement capability, PciDevice device) {
    capability.add("class").text(sysfs.read(device.folder().resolve("class")));
    String[] parts = device.address().split("[:.]");
    List<String> names = List.of("domain", "bus", "slot", "function");
    for (int i = 0; i < names.size(); i++) {
      capability.add(names.get(i)).text(Integer.toString(Integer.parseInt(parts[i], 16)));
    }
    identity(capability, "product", device.folder(), "device", "");
    identity(capability, "vendor", device.folder(), "vendor", "");
    functions(capability, device);
    device
        .group()
        .ifPresent(group -> {
          XmlElement all = capability.add("iommuGroup").set("number", group);
          device.groupMembers().forEach(member -> address(all, member.address()));
        });
    String node = sysfs.read(device.folder().resolve("numa_node"));
    if (node.matches("\\d+")) {
      capability.add("numa").set("node", node);
    }
  }

  private void functions(XmlElement capability, PciDevice device) {
    sysfs
        .target(device.folder().resolve("physfn"))
        .ifPresent(physical -> address(kind(capability, "phys_function"), physical));
    String most = sysfs.read(device.folder().resolve("sriov_totalvfs"));
    if (most.matches("\\d+") && !most.equals("0")) {
      XmlElement all = kind(capability, "virt_functions").set("maxCount", most);
      SriovFunction.all(sysfs, device.folder()).forEach(function -> address(all, function));
    }
  }

  private static XmlElement kind(XmlElement capability, String type) {
    return capability.add("capability").set("type", type);
  }

  private static void address(XmlElement in, String address) {
    String[] parts = address.split("[:.]");
    in.add("address")
        .set("domain", "0x" + parts[0])
        .set("bus", "0x" + parts[1])
        .set("slot", "0x" + parts[2])
        .set("function", "0x" + parts[3]);
  }

  private void identity(
      XmlElement capability, String part, Path folder, String number, String words) {
    String id = sysfs.read(folder.resolve(number));
    XmlElement element = capability.add(part).set("id", id.startsWith("0x") ? id : "0x" + id);
    Optional.of(words.isEmpty() ? "" : sysfs.read(folder.resolve(words)))
        .filter(text -> !text.isEmpty())
        .ifPresent(element::text);
  }

  private long number(Path folder, String file) {
    String text = sysfs.read(folder.resolve(file));
    return text.matches("\\d+") ? Long.parseLong(text) : 0;
  }
}
