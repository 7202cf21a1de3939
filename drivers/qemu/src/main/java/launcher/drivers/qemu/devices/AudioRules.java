package launcher.drivers.qemu.devices;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.host.QemuHost;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Completion of sound cards and of where their sound goes. */
final class AudioRules {
  /** Streams of a virtio card: one to play, one to record. */
  private static final String STREAMS = "2";

  /** What plays on the host where a guest may use that and the host's settings name nothing. */
  private static final String HOST_AUDIO = "alsa";

  /** Displays that say where sound goes. */
  private static final Set<String> LOUD = Set.of("vnc", "spice", "sdl");

  private AudioRules() {}

  /** A guest has a back end, even if it is a silent one, unless its display plays by itself. */
  static void addBackend(Draft draft) {
    if (draft.devices("audio").isEmpty()) {
      Optional<String> type = backend(draft);
      type.ifPresent(t -> draft.devices().add("audio").set("id", 1).set("type", t));
    }
  }

  private static Optional<String> backend(Draft draft) {
    List<XmlElement> displays = draft.devices("graphics");
    QemuHost.Settings settings = draft.host().settings();
    Optional<String> hosts = settings.text("hostAudio");
    if (displays.isEmpty()) {
      return Optional.of(settings.on("nogfxAllowHostAudio") ? hosts.orElse(HOST_AUDIO) : "none");
    }
    // the last display that has an opinion decides, as it always has
    return switch (displays.reversed().stream()
        .map(g -> g.attribute("type", ""))
        .filter(LOUD::contains)
        .findFirst()
        .orElse("")) {
      case "vnc" ->
          Optional.of(settings.on("vncAllowHostAudio") ? hosts.orElse(HOST_AUDIO) : "none");
      case "spice" -> Optional.of("spice");
      case "sdl" -> hosts;
      default -> Optional.empty();
    };
  }

  /** What a sound card has by itself. */
  static void complete(Draft draft) {
    for (XmlElement sound : draft.devices("sound")) {
      ownOnly(sound);
      if (sound.is("model", "virtio")) {
        sound.setDefault("streams", STREAMS);
      }
    }
    numberBackends(draft);
  }

  // What another model has means nothing here.
  private static void ownOnly(XmlElement sound) {
    if (!sound.is("model", "virtio")) {
      sound.unset("streams");
      sound.child("driver").ifPresent(XmlElement::detach);
    }
    if (!sound.is("model", "usb")) {
      sound.unset("multichannel");
    }
    if (!sound.attribute("model", "").startsWith("ich")) {
      sound.children("codec").forEach(XmlElement::detach);
    }
  }

  private static void numberBackends(Draft draft) {
    long next = 1;
    for (XmlElement audio : draft.devices("audio")) {
      audio.setDefault("id", Long.toString(next));
      next = Math.max(next, Numbers.parse(audio.attribute("id", "")).orElse(0) + 1);
    }
  }
}
