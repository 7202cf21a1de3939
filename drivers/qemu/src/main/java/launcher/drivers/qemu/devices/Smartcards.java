package launcher.drivers.qemu.devices;

import java.util.List;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.schemas.domain.Address;
import launcher.schemas.domain.Smartcard;

/** Smartcards in the guest's card readers. */
final class Smartcards {
  /** All cards. */
  static final CommandSection SECTION = Smartcards::write;

  /** Where NSS keeps the certificates of the host, unless the XML says another place. */
  private static final String DATABASE = "/etc/pki/nssdb";

  private Smartcards() {}

  private static void write(Guest guest, CommandLine out) {
    for (Smartcard card : guest.devices().smartcards()) {
      Props props = card(guest, out, card).put("id", card.alias());
      if (card.address().orElse(null) instanceof Address.Ccid reader) {
        props.put(
            "bus", DeviceAddresses.controllerAlias(guest, "ccid", reader.controller()) + ".0");
      }
      out.add(card, "-device", props);
    }
  }

  private static Props card(Guest guest, CommandLine out, Smartcard card) {
    return switch (card.mode()) {
      case "host" -> Props.of("driver", "ccid-card-emulated").put("backend", "nss-emulated");
      case "host-certificates" -> certificates(card);
      default -> {
        String chardev = "char" + card.alias();
        ChardevOptions.add(
            guest, out, card, chardev, card.backend(), card.log(), ChardevOptions.Use.SMARTCARD);
        yield Props.of("driver", "ccid-card-passthru").put("chardev", chardev);
      }
    };
  }

  private static Props certificates(Smartcard card) {
    Props props = Props.of("driver", "ccid-card-emulated").put("backend", "certificates");
    List<String> names = card.certificates();
    for (int i = 0; i < names.size(); i++) {
      props.put("cert" + (i + 1), names.get(i));
    }
    return props.put("db", card.database().orElse(DATABASE));
  }
}
