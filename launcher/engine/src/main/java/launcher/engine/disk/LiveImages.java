package launcher.engine.disk;

import java.nio.file.Path;
import launcher.engine.qemu.LiveCommand;
import launcher.engine.qemu.LiveGuest;
import launcher.schemas.XmlElement;

/** New images of disks that a running guest has. */
public final class LiveImages {
  private LiveImages() {}

  /** The block nodes of a new image for a disk, with nothing below it. */
  public static LiveCommand nodes(LiveGuest guest, String target, Path file, String format) {
    XmlElement live = guest.live();
    XmlElement device = OverlayXml.disk(live, target).orElseThrow();
    OverlayXml.set(device, file, format);
    device.child("backingStore").ifPresent(XmlElement::detach);
    device.add("backingStore");
    return guest.translation().images(live, device);
  }
}
