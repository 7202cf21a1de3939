package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Completion of the devices that need little. */
final class SmallDeviceRules {
  private SmallDeviceRules() {}

  /** What each device has by itself. */
  static void complete(Draft draft) {
    draft.devices("rng").forEach(SmallDeviceRules::completeRng);
    draft.devices("tpm").forEach(tpm -> completeTpm(draft.machine(), tpm));
    boolean powerBoard = draft.machine().ppc() && !draft.machine().pseries();
    if (powerBoard || draft.machine().riscv()) {
      // such a board has none, so one of no model in particular is none
      draft.devices("panic").stream().filter(p -> !p.has("model")).forEach(XmlElement::detach);
    }
    draft.devices("panic").forEach(p -> p.setDefault("model", usualPanic(draft.machine())));
    draft.devices("watchdog").forEach(w -> w.setDefault("action", "reset"));
    draft.devices("vsock").forEach(SmallDeviceRules::completeVsock);
    draft.devices("redirfilter").forEach(SmallDeviceRules::completeFilter);
    draft.devices("memballoon").forEach(SmallDeviceRules::completeBalloon);
    draft.devices("shmem").forEach(SmallDeviceRules::completeShmem);
    draft.devices("pstore").stream()
        .filter(p -> !p.hasChild("path"))
        .forEach(p -> p.add("path").text(draft.keptFile("_PSTORE.raw")));
  }

  private static void completeRng(XmlElement rng) {
    rng.child("backend")
        .filter(b -> b.is("model", "random") && b.text().isBlank())
        .ifPresent(backend -> backend.text("/dev/random"));
  }

  private static void completeTpm(Machine machine, XmlElement tpm) {
    tpm.setDefault("model", machine.pseries() ? "tpm-spapr" : "tpm-tis");
    tpm.child("backend")
        .filter(b -> b.is("type", "passthrough"))
        .ifPresent(b -> {
          b.childOrAdd("device").setDefault("path", "/dev/tpm0");
          b.unset("version");
        });
    tpm.child("backend").filter(b -> b.is("type", "external")).ifPresent(b -> b.unset("version"));
    tpm.child("backend")
        .filter(b -> b.is("type", "emulator"))
        .ifPresent(backend -> {
          boolean old = tpm.is("model", "tpm-tis") && machine.x86();
          backend.setDefault("version", old ? "1.2" : "2.0");
        });
  }

  private static String usualPanic(Machine machine) {
    if (machine.pseries()) {
      return "pseries";
    }
    if (machine.s390()) {
      return "s390";
    }
    return machine.x86() ? "isa" : "pvpanic";
  }

  private static void completeVsock(XmlElement vsock) {
    vsock.setDefault("model", "virtio");
    XmlElement cid = vsock.childOrAdd("cid");
    cid.setDefault("auto", cid.has("address") ? "no" : "yes");
  }

  // A release such as 9.4 is 9.40; -1 is "any", which is not written.
  private static void completeFilter(XmlElement filter) {
    for (XmlElement rule : filter.children("usbdev")) {
      hex(rule, "class", "0x%02X");
      hex(rule, "vendor", "0x%04X");
      hex(rule, "product", "0x%04X");
      if (rule.is("version", "-1")) {
        rule.unset("version");
      }
      rule.attribute("version")
          .filter(v -> v.indexOf('.') == v.length() - 2)
          .ifPresent(v -> rule.set("version", v + "0"));
    }
  }

  private static void hex(XmlElement rule, String attribute, String format) {
    OptionalLong value = Numbers.parse(rule.attribute(attribute, ""));
    if (value.isPresent() && value.getAsLong() >= 0) {
      rule.set(attribute, String.format(Locale.ROOT, format, value.getAsLong()));
    } else {
      rule.unset(attribute);
    }
  }

  private static void completeBalloon(XmlElement balloon) {
    if (balloon.is("model", "none")) {
      // what is not there has no place
      List.of("alias", "address", "acpi", "rom")
          .forEach(c -> balloon.child(c).ifPresent(XmlElement::detach));
    }
    balloon
        .child("stats")
        .filter(s -> s.attribute("period", "0").equals("0"))
        .ifPresent(XmlElement::detach);
  }

  private static void completeShmem(XmlElement shmem) {
    shmem.childOrAdd("model").setDefault("type", "ivshmem");
  }

  /** Balloon, watchdog and panic notifier of machines that always have them. */
  static void addBuiltIn(Draft draft) {
    Machine machine = draft.machine();
    if (draft.devices("memballoon").isEmpty() && hasBalloon(machine)) {
      draft.devices().add("memballoon").set("model", "virtio");
    }
    addWatchdog(draft);
    addPanic(draft);
  }

  private static boolean hasBalloon(Machine machine) {
    return machine.riscv() || (machine.pci() && !machine.arm() && !machine.loongarch());
  }

  // The chipset of a Q35 has one, which is let bark like the guest's others.
  private static void addWatchdog(Draft draft) {
    List<XmlElement> watchdogs = draft.devices("watchdog");
    if (draft.machine().q35() && watchdogs.stream().noneMatch(w -> w.is("model", "itco"))) {
      String action =
          watchdogs.isEmpty() ? "reset" : watchdogs.getFirst().attribute("action", "reset");
      draft.devices().add("watchdog").set("model", "itco").set("action", action);
    }
  }

  private static void addPanic(Draft draft) {
    Machine machine = draft.machine();
    String usual = usualPanic(machine);
    boolean there = draft.devices("panic").stream().anyMatch(p -> p.is("model", usual));
    if ((machine.pseries() || machine.s390()) && !there) {
      draft.devices().add("panic").set("model", usual);
    }
  }
}
