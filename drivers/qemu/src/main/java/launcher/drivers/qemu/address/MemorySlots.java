package launcher.drivers.qemu.address;

import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Gives every memory module a slot. */
final class MemorySlots {
  private MemorySlots() {}

  /** Completes a draft, or refuses it where slots do not do. */
  static void complete(Draft draft) {
    List<XmlElement> modules =
        draft.devices("memory").stream().filter(MemorySlots::isModule).toList();
    int slots = (int) Numbers.parse(draft.domain().value("maxMemory/@slots", "")).orElse(0);
    BitSet taken = new BitSet();
    for (XmlElement module : modules) {
      OptionalLong slot = slot(module);
      if (slot.isPresent()) {
        take(draft, module, (int) slot.getAsLong(), slots, taken);
      }
    }
    for (XmlElement module : modules) {
      if (slot(module).isEmpty()) {
        int free = taken.nextClearBit(0);
        take(draft, module, free, slots, taken);
        module.childOrAdd("address").set("type", "dimm").set("slot", free);
      }
    }
  }

  private static boolean isModule(XmlElement memory) {
    return memory.is("model", "dimm") || memory.is("model", "nvdimm");
  }

  private static OptionalLong slot(XmlElement module) {
    return Numbers.parse(module.value("address/@slot", ""));
  }

  private static void take(Draft draft, XmlElement module, int slot, int slots, BitSet taken) {
    if (slot >= slots && draft.domain().hasChild("maxMemory")) {
      draft.refuse(
          module, "memory slot %d does not exist: maxMemory has %d slots".formatted(slot, slots));
    } else if (taken.get(slot)) {
      draft.refuse(module, "memory slot %d is used by two devices".formatted(slot));
    }
    taken.set(slot);
  }
}
