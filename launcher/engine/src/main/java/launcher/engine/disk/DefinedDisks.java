package launcher.engine.disk;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.change.WrittenDefinition;
import launcher.engine.guest.Definition;
import launcher.schemas.XmlElement;

/** The disks of a definition. */
public final class DefinedDisks {
  private DefinedDisks() {}

  /**
   * The definition with some disks changed, in the user's text and in the completed one.
   *
   * @param changes by the disks' targets
   */
  public static Definition changed(Definition now, Map<String, Consumer<XmlElement>> changes) {
    XmlElement completed = now.completed().copy();
    WrittenDefinition text = new WrittenDefinition(now.written());
    changes.forEach((target, change) -> {
      Optional<XmlElement> device = OverlayXml.disk(completed, target);
      if (device.isPresent()) {
        int index = text.place(device.get());
        change.accept(device.get());
        Optional<XmlElement> written = text.deviceTree("disk", index);
        written.ifPresent(change);
        written.ifPresent(tree -> text.replaceDevice("disk", index, tree));
      }
    });
    return Definition.of(text.text(), completed, true);
  }
}
