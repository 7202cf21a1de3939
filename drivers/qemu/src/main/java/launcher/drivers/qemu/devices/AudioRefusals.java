package launcher.drivers.qemu.devices;

import java.util.List;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** What the settings of an audio back end cannot be. */
final class AudioRefusals {
  private AudioRefusals() {}

  static void check(Draft draft) {
    for (XmlElement audio : draft.devices("audio")) {
      if (audio.is("timerPeriod", "0")) {
        draft.refuse(audio, "attribute 'timerPeriod' of <audio> must not be zero");
      }
      if (audio.is("id", "0")) {
        draft.refuse(audio, "attribute 'id' of <audio> must not be zero");
      }
      for (String direction : List.of("input", "output")) {
        audio.child(direction).ifPresent(side -> side(draft, side));
      }
    }
  }

  // Only the mixing engine converts, and only a fixed format can be named.
  private static void side(Draft draft, XmlElement side) {
    boolean fixed = side.is("fixedSettings", "yes");
    if (side.hasChild("settings") && !fixed) {
      draft.refuse(side, "audio <settings> need fixedSettings='yes'");
    }
    if (fixed && !side.is("mixingEngine", "yes")) {
      draft.refuse(side, "fixed audio settings need mixingEngine='yes'");
    }
  }
}
