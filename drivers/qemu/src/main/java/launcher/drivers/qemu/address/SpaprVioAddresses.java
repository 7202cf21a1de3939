package launcher.drivers.qemu.address;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Registers of pSeries' virtual bus: each kind of device has QEMU's own first one. */
final class SpaprVioAddresses {
  private static final long STEP = 0x1000;

  private SpaprVioAddresses() {}

  /** Completes a draft, or refuses it where two devices have one register. */
  static void complete(Draft draft) {
    if (!draft.machine().pseries()) {
      return;
    }
    draft.devices("interface").stream()
        .filter(n -> n.value("model/@type", "").equals("spapr-vlan"))
        .forEach(n -> assign(draft, n, 0x1000));
    new Controllers(draft.devices())
        .ofType("scsi").stream()
            .filter(c -> c.is("model", "ibmvscsi"))
            .forEach(c -> assign(draft, c, 0x2000));
    draft.devices("serial").stream()
        .filter(s -> s.value("target/@type", "").equals("spapr-vio-serial"))
        .forEach(s -> assign(draft, s, 0x30000000L));
    draft.devices("nvram").forEach(n -> assign(draft, n, 0x3000));
    draft.devices("tpm").stream()
        .filter(t -> t.is("model", "tpm-spapr"))
        .forEach(t -> assign(draft, t, 0x4000));
    mirrorToConsole(draft);
  }

  private static void assign(Draft draft, XmlElement device, long first) {
    Optional<XmlElement> address = device.child("address");
    if (address.isPresent() && !address.get().is("type", "spapr-vio")) {
      return;
    }
    OptionalLong given = register(device);
    if (given.isPresent() && isTaken(draft, device, given.getAsLong())) {
      draft.refuse(
          device, "spapr-vio address 0x%x is used by two devices".formatted(given.getAsLong()));
    }
    long register = given.orElse(first);
    while (given.isEmpty() && isTaken(draft, device, register)) {
      register += STEP;
    }
    device.childOrAdd("address").set("type", "spapr-vio").set("reg", "0x%08x".formatted(register));
  }

  private static boolean isTaken(Draft draft, XmlElement device, long register) {
    return draft.devices().children().stream()
        .filter(other -> other != device && !other.name().equals("console"))
        .anyMatch(other -> register(other).equals(OptionalLong.of(register)));
  }

  private static OptionalLong register(XmlElement device) {
    Optional<XmlElement> address = device.child("address").filter(a -> a.is("type", "spapr-vio"));
    String text = address.map(a -> a.attribute("reg", "")).orElse("");
    boolean bare = !text.isEmpty() && !text.startsWith("0x") && !text.startsWith("0X");
    return Numbers.parse(bare ? "0x" + text : text);
  }

  // A console that is another view of the first serial port shows the port's address.
  private static void mirrorToConsole(Draft draft) {
    List<XmlElement> serials = draft.devices("serial");
    List<XmlElement> consoles = draft.devices("console");
    if (!serials.isEmpty()
        && !consoles.isEmpty()
        && consoles.getFirst().value("target/@type", "serial").equals("serial")) {
      serials
          .getFirst()
          .child("address")
          .filter(a -> !consoles.getFirst().hasChild("address"))
          .ifPresent(a -> consoles.getFirst().add(a.copy()));
    }
  }
}
