package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.memory.NumaCells;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What cannot be of interfaces whose frames another process moves: passt and vhost-user. */
final class PasstRefusals {
  private PasstRefusals() {}

  static void check(Draft draft, XmlElement card) {
    boolean vhostUser = card.is("type", "vhostuser");
    boolean passt = InterfaceRefusals.passt(card);
    if (passt && !vhostUser && !card.is("type", "user")) {
      draft.refuse(card, "backend 'passt' is only for interfaces of type 'user' or 'vhostuser'");
    }
    if (vhostUser && !NumaCells.allShared(draft.domain())) {
      draft.refuse(
          card,
          "an interface of type 'vhostuser' requires shared memory: add"
              + " <memoryBacking><access mode='shared'/>");
    }
    if (vhostUser && !passt && card.value("source/@path", "").isEmpty()) {
      draft.refuse(card, "an interface of type 'vhostuser' misses its <source path='…'>");
    }
    if (vhostUser && card.value("source/@mode", "").equals("server")) {
      card.at("source/reconnect")
          .filter(r -> r.is("enabled", "yes"))
          .ifPresent(r -> draft.refuse(r, "only mode 'client' of a vhost-user socket reconnects"));
    }
  }

  /** What only passt can do. */
  static void forwards(Draft draft, XmlElement card) {
    boolean passt = InterfaceRefusals.passt(card);
    if (!passt && card.hasChild("portForward")) {
      draft.refuse(card, "<portForward> needs the backend 'passt'");
    }
    for (XmlElement forward : card.children("portForward")) {
      forward.children("range").forEach(range -> range(draft, range));
    }
  }

  private static void range(Draft draft, XmlElement range) {
    long start = Numbers.parse(range.attribute("start", "")).orElse(0);
    long end = Numbers.parse(range.attribute("end", "")).orElse(start);
    if (start == 0) {
      draft.refuse(range, "a range of ports misses its start");
    } else if (end < start) {
      draft.refuse(
          range, "the range of ports ends at %d, before its start %d".formatted(end, start));
    }
    if (range.is("exclude", "yes") && range.has("to")) {
      draft.refuse(range, "an excluded range of ports leads nowhere: it cannot have 'to'");
    }
  }
}
