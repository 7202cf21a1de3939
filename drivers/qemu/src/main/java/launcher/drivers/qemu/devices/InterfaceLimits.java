package launcher.drivers.qemu.devices;

import java.util.Map;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Parts of an interface that only interfaces of some types can have. */
final class InterfaceLimits {
  private static final Set<String> BRIDGED = Set.of("network", "bridge");

  private static final Map<String, Set<String>> PARTS =
      Map.of(
          "mtu", Set.of("network", "bridge", "ethernet", "vhostuser", "hostdev"),
          "coalesce", BRIDGED,
          "port", BRIDGED);

  private InterfaceLimits() {}

  static void check(Draft draft) {
    for (XmlElement card : draft.devices("interface")) {
      String type = card.attribute("type", "");
      PARTS.forEach((part, types) ->
          card.child(part)
              .filter(p -> !types.contains(type) && !InterfaceRefusals.passt(card))
              .filter(p -> !part.equals("port") || p.is("isolated", "yes"))
              .ifPresent(p ->
                  draft.refuse(
                      p,
                      "<%s> is not supported for interfaces of type '%s'".formatted(part, type))));
      card.child("target")
          .filter(t -> t.is("managed", "no") && !type.equals("ethernet"))
          .ifPresent(t ->
              draft.refuse(
                  t, "an unmanaged target is not for interfaces of type '%s'".formatted(type)));
      if (type.equals("udp") && card.at("source/local").isEmpty()) {
        draft.refuse(card, "an interface of type 'udp' misses its <local> address");
      }
      card.at("source/reconnect")
          .filter(r -> r.is("enabled", "yes") && !r.has("timeout"))
          .ifPresent(r -> draft.refuse(r, "missing attribute 'timeout' of <reconnect>"));
      card.child("teaming")
          .filter(t -> t.is("type", "transient") && !Set.of("hostdev", "network").contains(type))
          .ifPresent(t ->
              draft.refuse(
                  t,
                  "the transient card of a team must be of type 'hostdev', not '%s'"
                      .formatted(type)));
      tags(draft, card);
      guestSide(draft, card);
      port(draft, card, type);
    }
  }

  private static void tags(Draft draft, XmlElement card) {
    card.child("vlan")
        .ifPresent(vlan ->
            vlan.children("tag").stream()
                .filter(t -> Numbers.parse(t.attribute("id", "0")).orElse(0) > 4095)
                .forEach(t ->
                    draft.refuse(
                        t,
                        "vlan tag id %s is too large: at most 4095"
                            .formatted(t.attribute("id", "")))));
  }

  // User-mode networking knows one network, and what its guest is given in it.
  private static void guestSide(Draft draft, XmlElement card) {
    if (!card.is("type", "user")) {
      return;
    }
    card.child("route").ifPresent(r -> draft.refuse(r, "QEMU cannot set routes inside the guest"));
    for (XmlElement ip : card.children("ip")) {
      String address = ip.attribute("address", "");
      boolean six = address.contains(":");
      if (!address.matches(six ? "[0-9a-fA-F:.]+" : "[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
        draft.refuse(ip, "invalid address '%s' in <ip>".formatted(address));
      }
      if (Numbers.parse(ip.attribute("prefix", "0")).orElse(0) > (six ? 128 : 32)) {
        draft.refuse(ip, "invalid prefix '%s' in <ip>".formatted(ip.attribute("prefix", "")));
      }
      if (ip.has("peer")) {
        draft.refuse(ip, "QEMU cannot set the peer of an address inside the guest");
      }
    }
  }

  // A network knows what its ports are, a bridge does not.
  private static void port(Draft draft, XmlElement card, String type) {
    card.child("virtualport")
        .filter(p -> !p.has("type") && Set.of("bridge", "direct").contains(type))
        .ifPresent(p -> draft.refuse(p, "missing required virtualport type"));
  }
}
