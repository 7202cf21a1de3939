package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import launcher.drivers.qemu.address.DeviceAddresses;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandSection;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.Virtio;
import launcher.schemas.domain.Audio;
import launcher.schemas.domain.Sound;

/** Sound cards; the speaker of the PC is a switch of the machine. */
final class SoundCards {
  /** All of them. */
  static final CommandSection SECTION = SoundCards::write;

  private SoundCards() {}

  private static void write(Guest guest, CommandLine out) {
    for (Sound sound : guest.devices().sounds()) {
      if (sound.model().equals("pcspk")) {
        continue;
      }
      Props props = card(guest, sound);
      boolean hda = isHda(sound);
      if (!hda) {
        props.put("audiodev", audiodev(guest, sound));
      }
      sound.multichannel().ifPresent(multi -> props.put("multi", multi));
      props.put("streams", sound.streams());
      DeviceAddresses.put(props, guest, sound);
      out.add(sound, "-device", props);
      if (hda) {
        codecs(guest, out, sound);
      }
    }
  }

  private static boolean isHda(Sound sound) {
    return sound.model().startsWith("ich");
  }

  private static Props card(Guest guest, Sound sound) {
    if (sound.model().equals("virtio")) {
      return Virtio.device(guest, "virtio-sound", sound.model(), sound, sound.driver())
          .put("id", sound.alias());
    }
    String driver =
        switch (sound.model()) {
          case "es1370" -> "ES1370";
          case "ac97" -> "AC97";
          case "ich6" -> "intel-hda";
          case "ich9" -> "ich9-intel-hda";
          case "ich7" -> "ich7-intel-hda";
          case "usb" -> "usb-audio";
          default -> sound.model();
        };
    return Props.of("driver", driver).put("id", sound.alias());
  }

  private static void codecs(Guest guest, CommandLine out, Sound sound) {
    List<String> codecs = sound.codecs().isEmpty() ? List.of("duplex") : sound.codecs();
    for (int i = 0; i < codecs.size(); i++) {
      out.add(
          sound,
          "-device",
          Props.of("driver", "hda-" + codecs.get(i))
              .put("id", sound.alias() + "-codec" + i)
              .put("bus", sound.alias() + ".0")
              .put("cad", i)
              .put("audiodev", audiodev(guest, sound)));
    }
  }

  /** The id of the back end a card plays through: the one it names, else the first. */
  static Optional<String> audiodev(Guest guest, Sound sound) {
    OptionalInt named = sound.audioId();
    OptionalInt id = named.isPresent() ? named : first(guest);
    return id.isPresent() ? Optional.of("audio" + id.getAsInt()) : Optional.empty();
  }

  private static OptionalInt first(Guest guest) {
    return guest.devices().audios().stream().mapToInt(Audio::id).findFirst();
  }
}
