package launcher.drivers.qemu.devices;

import java.util.HashSet;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What sound cards and their back ends cannot be. */
final class SoundRefusals {
  private SoundRefusals() {}

  /** Looks at all of them. */
  static void check(Draft draft) {
    Set<String> ids = backends(draft);
    for (XmlElement sound : draft.devices("sound")) {
      String model = sound.attribute("model", "");
      reference(draft, sound, ids);
      if (model.equals("ich7")) {
        draft.refuse(sound, "sound card model 'ich7' is not supported by QEMU");
      }
    }
    draft.devices("graphics").forEach(graphics -> reference(draft, graphics, ids));
  }

  private static Set<String> backends(Draft draft) {
    Set<String> ids = new HashSet<>();
    boolean spice = draft.devices("graphics").stream().anyMatch(g -> g.is("type", "spice"));
    for (XmlElement audio : draft.devices("audio")) {
      String id = audio.attribute("id", "");
      if (!ids.add(id)) {
        draft.refuse(audio, "there are several <audio> with id '%s'".formatted(id));
      }
      if (audio.is("type", "spice") && !spice) {
        draft.refuse(audio, "audio of type 'spice' needs a display of type 'spice'");
      }
    }
    return ids;
  }

  private static void reference(Draft draft, XmlElement device, Set<String> ids) {
    device
        .value("audio/@id")
        .filter(id -> !ids.contains(id))
        .ifPresent(id -> draft.refuse(device, "there is no <audio> with id '%s'".formatted(id)));
  }
}
