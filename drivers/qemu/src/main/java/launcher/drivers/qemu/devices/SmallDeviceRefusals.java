package launcher.drivers.qemu.devices;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** What balloons, watchdogs, panic notifiers, vsocks and filters cannot be. */
final class SmallDeviceRefusals {
  /** The first address a guest can have: 0 to 2 are the host's own. */
  private static final long FIRST_CID = 3;

  private SmallDeviceRefusals() {}

  /** Looks at all of them. */
  static void check(Draft draft) {
    for (String kind : List.of("memballoon", "vsock", "nvram", "redirfilter", "pstore")) {
      several(draft, kind);
    }
    draft.devices("panic").forEach(panic -> panic(draft, panic));
    panicTwice(draft);
    watchdogs(draft);
    for (XmlElement pstore : draft.devices("pstore")) {
      long kib = Numbers.parse(pstore.value("size", "")).orElse(0);
      if (kib < 4 || Long.bitCount(kib) != 1) {
        draft.refuse(pstore, "the size of an ACPI ERST device is a power of 2 from 4 KiB on");
      }
    }
    for (XmlElement balloon : draft.devices("memballoon")) {
      if (balloon.is("model", "xen")) {
        draft.refuse(balloon, "QEMU has no memory balloon of model 'xen'");
      }
    }
    for (XmlElement vsock : draft.devices("vsock")) {
      long cid = Numbers.parse(vsock.value("cid/@address", "")).orElse(FIRST_CID);
      if (cid >= 0 && cid < FIRST_CID) {
        draft.refuse(vsock, "a guest's vsock address must be at least 3, not " + cid);
      }
    }
    if (!draft.machine().pseries()) {
      draft
          .devices("nvram")
          .forEach(n -> draft.refuse(n, "device <nvram> is only for machine type 'pseries'"));
    }
  }

  private static void several(Draft draft, String kind) {
    draft.devices(kind).stream()
        .skip(1)
        .forEach(device -> draft.refuse(device, "there can be only one <%s>".formatted(kind)));
  }

  private static void panic(Draft draft, XmlElement panic) {
    Machine machine = draft.machine();
    String model = panic.attribute("model", "");
    boolean fits =
        switch (model) {
          case "isa", "hyperv" -> machine.x86();
          case "pseries" -> machine.pseries();
          case "s390" -> machine.s390();
          default -> machine.pci();
        };
    if (!fits) {
      draft.refuse(
          panic,
          "panic device of model '%s' does not fit machine type '%s'"
              .formatted(model, machine.name()));
    }
    boolean hasAddress = model.equals("isa") || model.equals("pvpanic");
    if (!hasAddress && panic.hasChild("address")) {
      draft.refuse(
          panic, "a panic device of model '%s' has no address that could be set".formatted(model));
    }
    if (model.equals("isa")
        && panic.hasChild("address")
        && !panic.value("address/@type", "").equals("isa")) {
      draft.refuse(panic, "a panic device of model 'isa' needs an address of type 'isa'");
    }
  }

  private static void panicTwice(Draft draft) {
    Set<String> seen = new HashSet<>();
    for (XmlElement panic : draft.devices("panic")) {
      if (!seen.add(panic.attribute("model", ""))) {
        draft.refuse(
            panic,
            "there are several panic devices of model '%s'"
                .formatted(panic.attribute("model", "")));
      }
    }
  }

  private static void watchdogs(Draft draft) {
    List<XmlElement> all = draft.devices("watchdog");
    boolean chipset = false;
    for (XmlElement watchdog : all) {
      String model = watchdog.attribute("model", "");
      boolean fits =
          switch (model) {
            case "itco" -> draft.machine().q35();
            case "ib700" -> draft.machine().i440fx() || draft.machine().isapc();
            case "diag288" -> draft.machine().s390();
            default -> draft.machine().pci();
          };
      if (!fits) {
        draft.refuse(
            watchdog,
            "watchdog '%s' does not fit machine type '%s'"
                .formatted(model, draft.machine().name()));
      }
      if (!model.equals("i6300esb") && watchdog.hasChild("address")) {
        draft.refuse(watchdog, "watchdog '%s' has no address that could be set".formatted(model));
      }
      if (model.equals("itco") && chipset) {
        draft.refuse(watchdog, "there can be only one watchdog of model 'itco'");
      }
      chipset = chipset || model.equals("itco");
      if (!watchdog.is("action", all.getFirst().attribute("action", ""))) {
        draft.refuse(watchdog, "all watchdogs of a guest must have the same action");
      }
    }
  }
}
