package launcher.drivers.qemu.devices;

import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.host.QemuHost;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;

/** Completion of sound cards and of where their sound goes. */
final class AudioRules {
  /** Streams of a virtio card: one to play, one to record. */
  private static final String STREAMS = "2";

  private AudioRules() {}

  /** Every guest has one back end at least, even if it is a silent one. */
  static void addBackend(Draft draft) {
    if (draft.devices("audio").isEmpty()) {
      XmlElement audio = draft.devices().add("audio").set("id", 1);
      completeType(draft, audio);
    }
  }

  private static void completeType(Draft draft, XmlElement audio) {
    QemuHost.Settings settings = draft.host().settings();
    String hosts = settings.text("hostAudio").orElse("alsa");
    if (draft.devices("graphics").isEmpty()) {
      audio.set("type", settings.on("nogfxAllowHostAudio") ? hosts : "none");
      return;
    }
    for (XmlElement graphics : draft.devices("graphics")) {
      switch (graphics.attribute("type", "")) {
        case "spice" -> audio.set("type", "spice");
        case "sdl" -> {
          audio.set("type", "sdl");
          settings.text("sdlAudioDriver").ifPresent(driver -> audio.set("driver", driver));
        }
        case "vnc" -> audio.set("type", settings.on("vncAllowHostAudio") ? hosts : "none");
        case "dbus" -> audio.set("type", "dbus");
        default -> {
          continue;
        }
      }
      return;
    }
    audio.set("type", "none");
  }

  /** What a sound card has by itself. */
  static void complete(Draft draft) {
    for (XmlElement sound : draft.devices("sound")) {
      if (sound.is("model", "virtio")) {
        sound.setDefault("streams", STREAMS);
      }
    }
    numberBackends(draft);
  }

  private static void numberBackends(Draft draft) {
    long next = 1;
    for (XmlElement audio : draft.devices("audio")) {
      audio.setDefault("id", Long.toString(next));
      next = Math.max(next, Numbers.parse(audio.attribute("id", "")).orElse(0) + 1);
    }
  }
}
