package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What a network interface cannot be. */
final class InterfaceRefusals {
  private static final Set<String> TAPS =
      Set.of("network", "bridge", "ethernet", "direct", "internal");
  private static final Set<String> QUEUED =
      Set.of("network", "bridge", "ethernet", "direct", "internal", "vhostuser", "vdpa");
  private static final Set<String> PORTED = Set.of("network", "bridge", "direct", "hostdev");

  // 1024 queues of one device, VIRTIO_QUEUE_MAX
  private static final long MOST_QUEUES = 512;

  private InterfaceRefusals() {}

  /** As written: completion drops what a card that is not virtio does not have. */
  static void checkWritten(Draft draft) {
    for (XmlElement card : draft.devices("interface")) {
      boolean virtio = card.value("model/@type", "").startsWith("virtio");
      for (String option : List.of("iommu", "ats", "packed", "page_per_vq")) {
        if (!virtio && card.value("driver/@" + option).isPresent()) {
          draft.refuse(
              card, "%s driver option is only supported for virtio devices".formatted(option));
        }
      }
    }
  }

  /** Looks at all interfaces. */
  static void check(Draft draft) {
    for (XmlElement card : draft.devices("interface")) {
      source(draft, card);
      mac(draft, card);
      model(draft, card);
      backend(draft, card);
      queues(draft, card);
      addresses(draft, card);
      teaming(draft, card);
      virtualPort(draft, card);
      if (card.at("bandwidth/inbound").filter(b -> b.has("floor")).isPresent()
          && !card.is("type", "network")) {
        draft.refuse(
            card,
            "%s: a floor of bandwidth needs an interface of type 'network'".formatted(name(card)));
      }
      if (card.is("type", "vhostuser") || passt(card)) {
        PasstRefusals.check(draft, card);
      }
      PasstRefusals.forwards(draft, card);
    }
  }

  static boolean passt(XmlElement card) {
    return card.value("backend/@type", "").equals("passt");
  }

  private static String type(XmlElement card) {
    return card.attribute("type", "");
  }

  private static String name(XmlElement card) {
    return "interface " + card.value("mac/@address", "");
  }

  private static void source(Draft draft, XmlElement card) {
    switch (type(card)) {
      case "bridge" -> require(draft, card, "bridge");
      case "network" -> require(draft, card, "network");
      case "direct", "vdpa" -> require(draft, card, "dev");
      case "internal" -> require(draft, card, "name");
      case "server" -> require(draft, card, "port");
      case "client", "mcast", "udp" -> {
        require(draft, card, "port");
        require(draft, card, "address");
      }
      case "hostdev" -> {
        if (!card.at("source/address").isPresent()) {
          draft.refuse(card, name(card) + " misses the address of the host's device");
        }
      }
      case "vds", "null" ->
          draft.refuse(card, "QEMU has no network interface of type '%s'".formatted(type(card)));
      case "vhostuser" -> {
        if (!card.hasChild("source") && !passt(card)) {
          draft.refuse(card, "interface type='vhostuser' requires a 'source' element");
        }
        String type = card.value("source/@type", "unix");
        if (!type.equals("unix")) {
          draft.refuse(
              card, "type='%s' unsupported for <interface type='vhostuser'>".formatted(type));
        }
      }
      default -> {
        // the others need no source
      }
    }
  }

  private static void require(Draft draft, XmlElement card, String attribute) {
    if (card.value("source/@" + attribute, "").isEmpty()) {
      draft.refuse(
          card,
          "%s of type '%s' misses its <source %s='…'>"
              .formatted(name(card), type(card), attribute));
    }
  }

  private static void mac(Draft draft, XmlElement card) {
    String mac = card.value("mac/@address", "");
    if (mac.length() == 17 && "13579bdf".indexOf(mac.charAt(1)) >= 0) {
      draft.refuse(
          card, "MAC address '%s' is a multicast address: a card needs its own".formatted(mac));
    }
  }

  private static void model(Draft draft, XmlElement card) {
    boolean virtio = card.value("model/@type", "").startsWith("virtio");
    if ((card.is("type", "vhostuser") || card.is("type", "vdpa")) && !virtio) {
      draft.refuse(
          card,
          "an interface of type '%s' needs a virtio card, not model '%s'"
              .formatted(type(card), card.value("model/@type", "")));
    }
    for (String queue : List.of("rx_queue_size", "tx_queue_size")) {
      OptionalLong size = Numbers.parse(card.value("driver/@" + queue, ""));
      if (size.isPresent() && Long.bitCount(size.getAsLong()) != 1) {
        draft.refuse(card, queue + " has to be a power of two, not " + size.getAsLong());
      }
    }
  }

  private static void backend(Draft draft, XmlElement card) {
    if (card.at("backend").filter(b -> b.has("tap")).isPresent() && !TAPS.contains(type(card))) {
      draft.refuse(
          card,
          "%s: a tap device of one's own is not supported for interfaces of type '%s'"
              .formatted(name(card), type(card)));
    }
  }

  private static void queues(Draft draft, XmlElement card) {
    // what no long holds is too many as well
    long queues = Numbers.parse(card.value("driver/@queues", "1")).orElse(-1);
    if (queues > 1 && !QUEUED.contains(type(card))) {
      draft.refuse(
          card,
          "%s: several queues are not supported for interfaces of type '%s'"
              .formatted(name(card), type(card)));
    }
    if (queues < 0 || queues > MOST_QUEUES) {
      draft.refuse(
          card, "%s: QEMU has at most %d pairs of queues".formatted(name(card), MOST_QUEUES));
    }
  }

  private static void addresses(Draft draft, XmlElement card) {
    boolean userMode = card.is("type", "user") || passt(card);
    if (!userMode && (card.hasChild("ip") || card.hasChild("route"))) {
      draft.refuse(
          card,
          "%s: QEMU cannot set addresses or routes inside the guest for interfaces of type '%s'"
              .formatted(name(card), type(card)));
    }
    if (userMode) {
      for (String family : List.of("ipv4", "ipv6")) {
        if (card.children("ip").stream().filter(ip -> ip.is("family", family)).count() > 1) {
          draft.refuse(card, "%s: only one address of family '%s'".formatted(name(card), family));
        }
      }
    }
  }

  private static void teaming(Draft draft, XmlElement card) {
    card.child("teaming")
        .ifPresent(teaming -> {
          boolean transientOne = teaming.is("type", "transient");
          if (transientOne && !teaming.has("persistent")) {
            draft.refuse(teaming, "a transient card misses the alias of its persistent one");
          }
          if (!transientOne && !card.value("model/@type", "").startsWith("virtio")) {
            draft.refuse(teaming, "the persistent card of a team must be a virtio card");
          }
        });
  }

  private static void virtualPort(Draft draft, XmlElement card) {
    if (card.hasChild("virtualport") && !PORTED.contains(type(card))) {
      draft.refuse(
          card, "<virtualport> is not supported for interfaces of type '%s'".formatted(type(card)));
    }
  }
}
