package launcher.engine.disk;

import java.nio.file.Path;
import java.util.Optional;
import launcher.engine.guest.ActiveRun;
import launcher.engine.qemu.LiveCommand;
import launcher.engine.qemu.QemuHypervisor;
import launcher.schemas.XmlElement;

/** New images of disks that a running guest has. */
public final class LiveImages {
  private LiveImages() {}

  /** The block nodes of a new image for a disk, with nothing below it. */
  public static LiveCommand nodes(
      QemuHypervisor hypervisor, ActiveRun run, String target, Path file, String format) {
    XmlElement live = run.live().copy();
    XmlElement device = OverlayXml.disk(live, target).orElseThrow();
    OverlayXml.set(device, file, format);
    device.child("backingStore").ifPresent(XmlElement::detach);
    device.add("backingStore");
    Path monitor = run.record().monitor().orElseThrow();
    return hypervisor.images(
        live, device, Optional.ofNullable(monitor.getParent()).orElse(monitor));
  }
}
