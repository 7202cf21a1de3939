package launcher.drivers.qemu.hostdev;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.HostDeviceStep;
import launcher.drivers.plan.Step;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/**
 * What is done on the host so that a guest gets devices of it: each is the guest's alone, then all
 * are checked, and only then is the first one taken from its driver.
 */
public final class HostDevicePlan {
  private static final String USUAL_DRIVER = "vfio-pci";

  private final XmlElement live;
  private final Path memory;
  private final String user;
  private final List<Step> claims = new ArrayList<>();
  private final List<Step> checks = new ArrayList<>();
  private final List<Step> changes = new ArrayList<>();

  private HostDevicePlan(XmlElement live, Path memory) {
    this.live = live;
    this.memory = memory;
    user = live.value("uuid", "");
  }

  /**
   * The steps.
   *
   * @param live the prepared definition
   * @param devices those of it that are meant
   * @param memory the folder in which launcher remembers what devices were
   */
  public static List<Step> of(XmlElement live, List<XmlElement> devices, Path memory) {
    HostDevicePlan plan = new HostDevicePlan(live, memory);
    plan.pci(devices);
    for (XmlElement device : devices) {
      if (device.name().equals("hostdev")) {
        plan.hostdev(device);
      } else if (device.name().equals("interface") && device.is("type", "hostdev")) {
        plan.function(device);
      }
    }
    List<Step> steps = new ArrayList<>(plan.claims);
    steps.addAll(plan.checks);
    steps.addAll(plan.changes);
    return List.copyOf(steps);
  }

  /** All devices of a definition. */
  public static List<XmlElement> devices(XmlElement live) {
    return live.child("devices").map(XmlElement::children).orElse(List.of());
  }

  private void pci(List<XmlElement> devices) {
    // disks on several namespaces of one controller are one device
    Map<String, XmlElement> found = new LinkedHashMap<>();
    for (XmlElement device : devices) {
      PciSources.address(device).ifPresent(address -> found.putIfAbsent(address, device));
    }
    Set<String> own = new LinkedHashSet<>();
    devices(live).forEach(device -> PciSources.address(device).ifPresent(own::add));
    found.forEach((address, device) -> pci(address, device, List.copyOf(own)));
  }

  private void pci(String address, XmlElement device, List<String> own) {
    boolean managed = PciSources.managed(device);
    claim("PCI device", address, false);
    checks.add(new HostDeviceStep.CheckGroup(address, own, managed, memory, user));
    if (managed) {
      String driver = device.value("driver/@model", USUAL_DRIVER);
      boolean named = device.name().equals("hostdev") || device.name().equals("interface");
      changes.add(
          new HostDeviceStep.DetachDevice(address, named ? driver : USUAL_DRIVER, memory, user));
    } else {
      checks.add(new HostDeviceStep.RequireVfio(address, memory, user));
    }
  }

  private void function(XmlElement card) {
    Optional<Integer> vlan =
        card.value("vlan/tag/@id").map(Integer::valueOf).filter(tag -> tag > 0);
    PciSources.address(card)
        .ifPresent(address ->
            changes.add(
                new HostDeviceStep.SetFunction(
                    address, card.value("mac/@address", ""), vlan, memory, user)));
  }

  private void hostdev(XmlElement hostdev) {
    switch (hostdev.attribute("type", "")) {
      case "usb" -> usb(hostdev);
      case "scsi" -> scsi(hostdev);
      case "mdev" -> {
        String uuid = hostdev.value("source/address/@uuid", "");
        claim("mediated device", uuid, false);
        checks.add(new HostDeviceStep.RequireMediated(uuid, memory, user));
      }
      default -> {
        // PCI devices are done, and a target of the kernel is found when it is opened
      }
    }
  }

  private void usb(XmlElement hostdev) {
    OptionalLong bus = number(hostdev, "bus");
    OptionalLong device = number(hostdev, "device");
    if (bus.isPresent() && device.isPresent()) {
      String place = "%03d/%03d".formatted(bus.getAsLong(), device.getAsLong());
      claim("USB device", place, false);
      checks.add(new FileStep.Require(Path.of("/dev/bus/usb/" + place), "USB device"));
    }
  }

  private void scsi(XmlElement hostdev) {
    String adapter = hostdev.value("source/adapter/@name", "");
    if (!adapter.isEmpty()) {
      String place =
          "%s:%d:%d:%d"
              .formatted(
                  adapter,
                  number(hostdev, "bus").orElse(0),
                  number(hostdev, "target").orElse(0),
                  number(hostdev, "unit").orElse(0));
      claim("SCSI device", place, hostdev.hasChild("shareable"));
    }
  }

  private void claim(String kind, String device, boolean shared) {
    claims.add(
        new HostDeviceStep.ClaimDevice(kind, device, shared, live.value("name", ""), memory, user));
  }

  private static OptionalLong number(XmlElement hostdev, String part) {
    return Numbers.parse(hostdev.value("source/address/@" + part, ""));
  }
}
