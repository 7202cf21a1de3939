package launcher.drivers.lxc.conversion;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.lxc.conversion.NativeConfiguration.Entry;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;

/** One link of an LXC configuration, and the device it becomes. */
final class NativeLink {
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "flags",
          "link",
          "name",
          "hwaddr",
          "mtu",
          "veth.pair",
          "macvlan.mode",
          "vlan.id",
          "ipv4.address",
          "ipv6.address",
          "ipv4.gateway",
          "ipv6.gateway");

  private final List<Entry> entries = new ArrayList<>();

  void add(String end, Entry entry) {
    entries.add(new Entry(end, entry.value(), entry.line(), entry.file()));
  }

  private Optional<String> value(String end) {
    return entries.stream()
        .filter(e -> e.key().equals(end) && !e.value().isEmpty())
        .map(Entry::value)
        .reduce((first, second) -> second);
  }

  /** Kind of link, such as {@code veth}; empty when it is not said. */
  String type() {
    return value("type").orElse("");
  }

  /** Where the link begins. */
  Entry begin() {
    return entries.getFirst();
  }

  /** What is said of it that XML cannot say, with the reason. */
  List<XmlProblem> lost() {
    List<XmlProblem> lost = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.key().endsWith(".gateway") && !isAddress(entry.value())) {
        lost.add(entry.problem("the gateway '" + entry.value() + "' is no address, left out"));
      } else if (!KNOWN.contains(entry.key())) {
        String key = "'" + entry.key() + "' of a link";
        lost.add(entry.problem(key + " has no counterpart in domain XML, left out"));
      }
    }
    return lost.stream().map(XmlProblem::asWarning).toList();
  }

  private static boolean isAddress(String text) {
    return text.isEmpty() || text.matches("[0-9a-fA-F:.]*[0-9:][0-9a-fA-F:.]*");
  }

  /** The device, none for a link that is none or of a kind that XML cannot say. */
  Optional<XmlElement> device() {
    return switch (type()) {
      case "veth" -> Optional.of(veth());
      case "macvlan" -> Optional.of(macvlan());
      case "phys" -> value("link").map(this::hostdev);
      case "vlan" -> value("link").map(link -> hostdev(link + "." + value("vlan.id").orElse("")));
      default -> Optional.empty();
    };
  }

  private XmlElement veth() {
    XmlElement device = XmlElement.of("interface");
    Optional<String> bridge = value("link");
    device.set("type", bridge.isPresent() ? "bridge" : "ethernet");
    mac(device);
    bridge.ifPresent(name -> device.add("source").set("bridge", name));
    addresses(device);
    value("veth.pair").ifPresent(pair -> device.add("target").set("dev", pair));
    guest(device);
    return device;
  }

  private XmlElement macvlan() {
    XmlElement device = XmlElement.of("interface").set("type", "direct");
    mac(device);
    // lxc.container.conf(5): "private" where no mode is said.
    String mode = value("macvlan.mode").orElse("private");
    device
        .add("source")
        .set("dev", value("link").orElse(""))
        .set("mode", mode.equals("passthru") ? "passthrough" : mode);
    addresses(device);
    guest(device);
    return device;
  }

  private XmlElement hostdev(String link) {
    XmlElement device = XmlElement.of("hostdev").set("mode", "capabilities").set("type", "net");
    device.add("source").add("interface").text(link);
    addresses(device);
    return device;
  }

  private void mac(XmlElement device) {
    // LXC fills each x with a random digit; without an address a stable one is made later.
    value("hwaddr")
        .filter(mac -> !mac.contains("x"))
        .ifPresent(mac -> device.add("mac").set("address", mac));
  }

  private void guest(XmlElement device) {
    value("name").ifPresent(name -> device.add("guest").set("dev", name));
    value("mtu").ifPresent(mtu -> device.add("mtu").set("size", mtu));
    device.add("link").set("state", value("flags").orElse("").equals("up") ? "up" : "down");
  }

  private void addresses(XmlElement device) {
    for (String family : List.of("ipv4", "ipv6")) {
      for (Entry entry : entries) {
        if (entry.key().equals(family + ".address")) {
          // ADDRESS/PREFIX [BROADCAST]
          String[] words = entry.value().split("\\s+", 2)[0].split("/", 2);
          XmlElement ip = device.add("ip").set("address", words[0]).set("family", family);
          if (words.length == 2) {
            ip.set("prefix", words[1]);
          }
        }
      }
    }
    gateway(device, "ipv4", "0.0.0.0");
    gateway(device, "ipv6", "::");
  }

  private void gateway(XmlElement device, String family, String any) {
    // "auto" and "dev" name no address: the bridge's own, or none.
    value(family + ".gateway")
        .filter(NativeLink::isAddress)
        .ifPresent(gateway ->
            device.add("route").set("family", family).set("address", any).set("gateway", gateway));
  }
}
