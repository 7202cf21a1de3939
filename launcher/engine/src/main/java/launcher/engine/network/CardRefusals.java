package launcher.engine.network;

import launcher.engine.EngineException;
import launcher.schemas.XmlElement;

/**
 * What a guest's network card may ask for and does not get here. It is refused when the guest
 * starts: a card that came up without its filter or its VLAN would be a hole in somebody's network.
 */
final class CardRefusals {
  private CardRefusals() {}

  static void check(XmlElement card) {
    refuse(
        card,
        "filterref",
        "network filters (nwfilter) are not done here: leave it out, and filter with nftables on the bridge");
    switch (card.attribute("type", "")) {
      case "network", "bridge" -> {
        refuse(
            card,
            "vlan",
            "VLAN tags are not put on ports of a bridge here: make a bridge on the VLAN's interface, and name it in <source bridge=…>");
        refuse(
            card,
            "virtualport",
            "ports of Open vSwitch and 802.1Qbh are not done here: use a bridge of the kernel's");
      }
      case "direct" -> {
        refuse(card, "vlan", "VLAN tags are for ports of a switch: name the VLAN's interface");
        refuse(card, "virtualport", "ports by 802.1Qbg and 802.1Qbh are not done here");
      }
      default -> {
        // has no port on the host
      }
    }
    if (card.value("bandwidth/inbound/@floor").isPresent()
        || card.value("bandwidth/outbound/@floor").isPresent()) {
      throw refusal(card, "bandwidth", "'floor' is not kept here: 'average' and 'peak' are limits");
    }
  }

  private static void refuse(XmlElement card, String what, String why) {
    if (card.hasChild(what)) {
      throw refusal(card, what, why);
    }
  }

  private static EngineException refusal(XmlElement card, String what, String why) {
    return new EngineException(
        EngineException.Kind.INVALID,
        "<%s> of network card '%s': %s".formatted(what, card.value("mac/@address", ""), why));
  }
}
