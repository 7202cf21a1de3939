package launcher.engine.network;

import java.util.List;
import java.util.Map;
import launcher.drivers.dnsmasq.network.Zones;
import launcher.engine.EngineException;
import launcher.engine.bus.BusException;
import launcher.engine.bus.SystemBus;
import org.freedesktop.dbus.types.Variant;

/**
 * firewalld, over D-Bus (firewalld.dbus(5)): zones for bridges, and the policies between them. What
 * the zones mean is said in {@link Zones}.
 */
final class Firewalld {
  private static final String SERVICE = "org.fedoraproject.FirewallD1";
  private static final String PATH = "/org/fedoraproject/FirewallD1";
  private static final String CONFIG = PATH + "/config";

  /** What a network serves on the host, in firewalld's names. */
  private static final List<String> SERVICES = List.of("dhcp", "dhcpv6", "dns", "tftp");

  private static final List<String> PROTOCOLS = List.of("icmp", "ipv6-icmp");

  /** Read after every other rule (32767 is the last), so that all else for the host is refused. */
  private static final String REFUSE_THE_REST = "rule priority=\"32767\" reject";

  private final SystemBus bus;

  Firewalld(SystemBus bus) {
    this.bus = bus;
  }

  boolean runs() {
    return bus.hasOwner(SERVICE);
  }

  /** Has the runnable run, on a thread of its own, whenever firewalld has forgotten everything. */
  void whenForgotten(Runnable again) {
    bus.listen(SERVICE, "Reloaded", parts -> Thread.ofVirtual().start(again));
    bus.listen(
        "org.freedesktop.DBus",
        "NameOwnerChanged",
        parts -> {
          boolean came = parts.size() == 3 && !String.valueOf(parts.get(2)).isEmpty();
          if (came && SERVICE.equals(parts.get(0))) {
            Thread.ofVirtual().start(again);
          }
        });
  }

  /**
   * Puts a bridge into a zone, which is made first if it is one of launcher's.
   *
   * @throws EngineException when firewalld refuses
   */
  void place(String bridge, String zone) {
    try {
      if (zone.equals(Zones.PLAIN) || zone.equals(Zones.ROUTED)) {
        makeZones();
      }
      call("zone.changeZoneOfInterface", "ss", zone, bridge);
    } catch (BusException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "firewalld did not put '%s' into zone '%s': %s".formatted(bridge, zone, e.getMessage()),
          e);
    }
  }

  /** Takes a bridge out of whatever zone it is in; firewalld would remember its name for ever. */
  void forget(String bridge) {
    try {
      call("zone.removeInterface", "ss", "", bridge);
    } catch (BusException notThere) {
      // gone with a reload, or with firewalld itself
      return;
    }
  }

  /** Zones can be made in the lasting configuration only, and count after a reload. */
  private void makeZones() {
    List<?> zones = list("zone.getZones");
    List<?> policies = list("policy.getPolicies");
    boolean made = false;
    if (!zones.contains(Zones.PLAIN)) {
      made |= make("config.addZone2", Zones.PLAIN, plainZone());
    }
    if (!zones.contains(Zones.ROUTED)) {
      made |= make("config.addZone2", Zones.ROUTED, routedZone());
    }
    if (!policies.contains(Zones.ROUTED_OUT)) {
      made |= make("config.addPolicy", Zones.ROUTED_OUT, way(Zones.ROUTED, "ANY"));
    }
    if (!policies.contains(Zones.ROUTED_IN)) {
      made |= make("config.addPolicy", Zones.ROUTED_IN, way("ANY", Zones.ROUTED));
    }
    if (!policies.contains(Zones.TO_HOST)) {
      made |= make("config.addPolicy", Zones.TO_HOST, toHost());
    }
    if (made) {
      call("reload", "");
    }
  }

  private List<?> list(String method) {
    List<Object> reply = call(method, "");
    return !reply.isEmpty() && reply.getFirst() instanceof List<?> names ? names : List.of();
  }

  private boolean make(String method, String name, Map<String, Variant<?>> settings) {
    try {
      configure(method, name, settings);
      return true;
    } catch (BusException e) {
      // made by an older run and not loaded yet: the reload does that
      if (String.valueOf(e.getMessage()).contains("NAME_CONFLICT")) {
        return true;
      }
      throw e;
    }
  }

  private static Map<String, Variant<?>> plainZone() {
    return Map.of(
        "description", text("Bridges of launcher's isolated and translated networks"),
        "target", text("ACCEPT"),
        "forward", new Variant<>(true),
        "services", texts(SERVICES),
        "protocols", texts(PROTOCOLS),
        "rules_str", texts(List.of(REFUSE_THE_REST)));
  }

  private static Map<String, Variant<?>> routedZone() {
    return Map.of(
        "description",
        text("Bridges of launcher's routed networks"),
        "forward",
        new Variant<>(true));
  }

  private static Map<String, Variant<?>> way(String from, String to) {
    return Map.of(
        "description", text("Packets of launcher's routed networks"),
        "target", text("ACCEPT"),
        "ingress_zones", texts(List.of(from)),
        "egress_zones", texts(List.of(to)));
  }

  private static Map<String, Variant<?>> toHost() {
    return Map.of(
        "description", text("What launcher's routed networks reach of the host"),
        "target", text("REJECT"),
        "ingress_zones", texts(List.of(Zones.ROUTED)),
        "egress_zones", texts(List.of("HOST")),
        "services", texts(SERVICES),
        "protocols", texts(PROTOCOLS));
  }

  private static Variant<String> text(String value) {
    return new Variant<>(value);
  }

  private static Variant<List<String>> texts(List<String> values) {
    return new Variant<>(values, "as");
  }

  private List<Object> call(String method, String signature, Object... arguments) {
    return callAt(PATH, method, signature, arguments);
  }

  private void configure(String method, String name, Map<String, Variant<?>> settings) {
    callAt(CONFIG, method, "sa{sv}", name, settings);
  }

  /** {@code zone.getZones} is method getZones of the service's interface for zones. */
  private List<Object> callAt(String path, String method, String signature, Object... arguments) {
    int dot = method.lastIndexOf('.');
    String type = dot < 0 ? SERVICE : SERVICE + "." + method.substring(0, dot);
    return bus.call(SERVICE, path, type, method.substring(dot + 1), signature, arguments);
  }
}
