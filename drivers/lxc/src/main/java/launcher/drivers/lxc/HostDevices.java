package launcher.drivers.lxc;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.drivers.lxc.ContainerFacts.DeviceNode;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Device nodes: what every container has, and {@code <hostdev>}s. */
final class HostDevices {
  /** null, zero, full, random, urandom, tty, console, ptmx, pseudo-terminals. */
  private static final List<String> USUAL =
      List.of(
          "c 1:3 rwm",
          "c 1:5 rwm",
          "c 1:7 rwm",
          "c 1:8 rwm",
          "c 1:9 rwm",
          "c 5:0 rwm",
          "c 5:1 rwm",
          "c 5:2 rwm",
          "c 136:* rwm");

  private HostDevices() {}

  /** The path of a host device's node, none for anything that has none. */
  static Optional<String> node(XmlElement device) {
    if (!device.name().equals("hostdev")) {
      return Optional.empty();
    }
    return device
        .value("source/block")
        .or(() -> device.value("source/char"))
        .or(() -> device.at("source/address").map(HostDevices::usb));
  }

  private static String usb(XmlElement address) {
    long bus = Numbers.parse(address.attribute("bus", "")).orElse(0);
    long number = Numbers.parse(address.attribute("device", "")).orElse(0);
    return String.format(Locale.ROOT, "/dev/bus/usb/%03d/%03d", bus, number);
  }

  /**
   * Writes the nodes and who may use them.
   *
   * @param guard whether the devices' control group can be set: only root can
   */
  static void write(XmlElement domain, ContainerFacts facts, boolean guard, LxcConfiguration out) {
    // In the unified hierarchy devices are guarded by a program that LXC loads: same words.
    String key = facts.groups().separate().contains("devices") ? "lxc.cgroup" : "lxc.cgroup2";
    if (guard) {
      out.add(key + ".devices.deny", "a");
      USUAL.forEach(rule -> out.add(key + ".devices.allow", rule));
      if (CapabilityPolicy.of(domain).makesNodes()) {
        out.add(key + ".devices.allow", "c *:* m").add(key + ".devices.allow", "b *:* m");
      }
    }
    for (XmlElement device : domain.child("devices").map(XmlElement::children).orElse(List.of())) {
      node(device)
          .ifPresent(path -> {
            DeviceNode node = facts.devices().get(path);
            if (node == null) {
              throw new IllegalStateException("'" + path + "' was not looked up");
            }
            if (guard) {
              out.add(key + ".devices.allow", node.rule() + " rwm");
            }
            out.mount(path, path, "none", "bind,create=file");
          });
    }
  }
}
