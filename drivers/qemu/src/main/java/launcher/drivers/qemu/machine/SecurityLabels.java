package launcher.drivers.qemu.machine;

import java.util.List;
import launcher.drivers.qemu.draft.Draft;
import launcher.schemas.XmlElement;

/** One form for {@code <seclabel>}: what a type implies is said, what has no meaning is not. */
final class SecurityLabels {
  private SecurityLabels() {}

  static void complete(Draft draft) {
    List<XmlElement> labels = draft.domain().children("seclabel");
    for (XmlElement label : labels) {
      label.setDefault("type", "dynamic");
      // among several each must say its model: see TuneRefusals
      if (labels.size() == 1 && label.is("type", "none")) {
        label.setDefault("model", "none");
      }
      // the label of the images is chosen at each start
      label.child("imagelabel").ifPresent(XmlElement::detach);
      switch (label.attribute("type", "")) {
        case "none" -> {
          label.unset("relabel");
          List.copyOf(label.children()).forEach(XmlElement::detach);
        }
        case "static" -> label.setDefault("relabel", "no");
        default -> {
          label.setDefault("relabel", "yes");
          label.child("label").ifPresent(XmlElement::detach);
        }
      }
    }
  }
}
