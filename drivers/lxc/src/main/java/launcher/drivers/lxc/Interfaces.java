package launcher.drivers.lxc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.BandwidthLimits;
import launcher.drivers.plan.ContainerStep.ConfigureLinks;
import launcher.drivers.plan.ContainerStep.HostEnd;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.Step;
import launcher.schemas.XmlElement;

/**
 * {@code <interface>} and {@code <hostdev type='net'>}: the container's links. LXC makes each pair
 * of veths itself, so that the kernel takes them away with the container, by whatever cause it
 * ends. What LXC's configuration cannot say (a peer's address, a route that is not the default one,
 * addresses of the host's end) is set by ip(8) right after the start.
 */
final class Interfaces {
  private final Grants grants;
  private final LxcConfiguration out;
  private final List<Step> reserved = new ArrayList<>();
  private final List<String> inside = new ArrayList<>();
  private final List<String> outside = new ArrayList<>();
  private final List<Step> limits = new ArrayList<>();
  private int number;

  Interfaces(Grants grants, LxcConfiguration out) {
    this.grants = grants;
    this.out = out;
  }

  /** Writes the links; what is to be done after the start is in {@link #steps}. */
  void write(XmlElement domain) {
    for (XmlElement device : domain.child("devices").map(XmlElement::children).orElse(List.of())) {
      if (device.name().equals("interface")) {
        link(device);
      } else if (device.name().equals("hostdev") && device.is("type", "net")) {
        physical(device);
      }
    }
    if (number == 0) {
      none(domain);
    }
  }

  /** What is to be done before. */
  List<Step> reserved() {
    return List.copyOf(reserved);
  }

  /** What is to be done when the container runs. */
  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    if (!outside.isEmpty()) {
      steps.add(new ConfigureLinks(false, outside));
    }
    if (!inside.isEmpty()) {
      steps.add(new ConfigureLinks(true, inside));
    }
    steps.addAll(limits);
    return List.copyOf(steps);
  }

  /** libvirt: without {@code <privnet/>} a container without links has the host's network. */
  private void none(XmlElement domain) {
    boolean shared = SharedNamespaces.sharesNetwork(domain);
    if (!shared || SharedNamespaces.networkFile(domain).isPresent()) {
      boolean own = domain.at("features/privnet").isPresent() && !shared;
      set("type", own ? "empty" : "none");
    }
  }

  private void link(XmlElement device) {
    String type = device.attribute("type", "");
    // A network may lead to an interface of the host instead of a bridge.
    if (type.equals("direct") || device.value("source/@dev").isPresent()) {
      set("type", "macvlan");
      String mode = device.value("source/@mode", "vepa");
      set("macvlan.mode", mode.equals("passthrough") ? "passthru" : mode);
      set("link", device.value("source/@dev", ""));
    } else {
      set("type", "veth");
      set("veth.pair", hostEnd(device));
      reserved.add(new HostEnd(hostEnd(device), 0));
      BandwidthLimits.ofPort(device, hostEnd(device)).ifPresent(limits::add);
      bridge(device).ifPresent(bridge -> set("link", bridge));
      if (device.value("port/@isolated", "no").equals("yes")) {
        outside.add("link set dev " + hostEnd(device) + " type bridge_slave isolated on");
      }
    }
    String name = device.value("guest/@dev", "eth" + number);
    set("name", name);
    device.value("mac/@address").ifPresent(mac -> set("hwaddr", mac));
    device.value("mtu/@size").ifPresent(mtu -> set("mtu", mtu.strip()));
    if (!"down".equals(device.value("link/@state", "up"))) {
      set("flags", "up");
    }
    addresses(device, name);
    device.child("source").ifPresent(source -> hostSide(source, hostEnd(device)));
    number++;
  }

  private void physical(XmlElement device) {
    String host = device.value("source/interface", "");
    set("type", "phys");
    set("link", host);
    set("flags", "up");
    addresses(device, host);
    number++;
  }

  private void set(String key, String value) {
    out.add("lxc.net." + number + "." + key, value);
  }

  private Optional<String> bridge(XmlElement device) {
    Optional<String> bridge = device.value("source/@bridge");
    if (bridge.isPresent() || !device.is("type", "network")) {
      return bridge;
    }
    String network = device.value("source/@network", "");
    String granted = grants.named().get("bridge:" + network);
    if (granted == null) {
      throw new IllegalStateException("No bridge was granted for the network '" + network + "'");
    }
    return Optional.of(granted);
  }

  /** At most 15 characters, the kernel's limit (IFNAMSIZ). */
  private String hostEnd(XmlElement device) {
    return device.value("target/@dev", "lx" + grants.id() + "n" + number);
  }

  private void addresses(XmlElement device, String name) {
    for (XmlElement ip : device.children("ip")) {
      if (ip.has("peer")) {
        inside.add(LinkAddress.of(ip).command(name));
      } else {
        LinkAddress address = LinkAddress.of(ip);
        set(address.family() + ".address", address.withBroadcast());
      }
    }
    boolean peers = device.children("ip").stream().anyMatch(ip -> ip.has("peer"));
    for (XmlElement route : device.children("route")) {
      LinkRoute way = LinkRoute.of(route);
      if (way.isDefault() && !peers) {
        set(way.family() + ".gateway", way.gateway());
      } else {
        inside.add(way.command(name));
      }
    }
  }

  private void hostSide(XmlElement source, String hostEnd) {
    source.children("ip").forEach(ip -> outside.add(LinkAddress.of(ip).command(hostEnd)));
    List<XmlElement> routes = source.children("route");
    routes.forEach(route -> outside.add(LinkRoute.of(route).command(hostEnd)));
  }
}
