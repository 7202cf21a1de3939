package launcher.drivers.qemu.block;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.ImageStep;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Disk;
import launcher.schemas.domain.Image;
import launcher.schemas.domain.StorageSource;

/**
 * Disks whose changes are thrown away ({@code <transient/>}): a guest runs on an image of its own
 * above the disk's, beside it and named as libvirt names it, which is made before QEMU starts.
 */
public final class TransientOverlays {
  private static final String MARK = ".TRANSIENT-";

  private TransientOverlays() {}

  /** Puts the overlays into the tree of one run. */
  public static void fill(XmlElement live) {
    for (XmlElement disk : disks(live)) {
      String base = disk.value("source/@file", "");
      if (isMeant(disk) && !base.contains(MARK)) {
        put(disk, base + MARK + live.value("name", "").replace('/', '_'));
      }
    }
  }

  private static boolean isMeant(XmlElement disk) {
    return disk.hasChild("transient")
        && disk.is("type", "file")
        && disk.value("source/@file", "").startsWith("/");
  }

  private static void put(XmlElement disk, String overlay) {
    XmlElement below = XmlElement.of("backingStore").set("type", "file");
    below.add("format").set("type", disk.value("driver/@type", "raw"));
    disk.child("source").ifPresent(source -> below.add(source.copy()));
    // an image below that nobody has written down its header names
    disk.child("backingStore")
        .ifPresent(deeper -> {
          below.add(deeper.copy());
          deeper.detach();
        });
    disk.childOrAdd("driver").setDefault("name", "qemu").set("type", "qcow2");
    disk.child("source").ifPresent(XmlElement::detach);
    disk.add("source").set("file", overlay);
    disk.add(below);
  }

  /**
   * The steps that make them.
   *
   * @param live a tree that {@link #fill} has seen
   * @param stateFolder of the guest; launcher's notes lie beside those of all guests
   */
  public static List<ImageStep> steps(XmlElement live, Path stateFolder) {
    Path guests = Optional.ofNullable(stateFolder.getParent()).orElse(stateFolder);
    List<ImageStep> steps = new ArrayList<>();
    for (XmlElement disk : disks(live)) {
      String overlay = disk.value("source/@file", "");
      if (isMeant(disk) && overlay.contains(MARK)) {
        String note = stateFolder.getFileName() + "-" + disk.value("target/@dev", "");
        steps.add(
            new ImageStep.MakeOverlay(
                Path.of(overlay),
                Path.of(disk.value("backingStore/source/@file", "")),
                disk.value("backingStore/format/@type", "raw"),
                guests.resolveSibling("overlays").resolve(note)));
      }
    }
    return steps;
  }

  private static List<XmlElement> disks(XmlElement live) {
    return live.child("devices").map(devices -> devices.children("disk")).orElse(List.of());
  }

  /** Whether a disk's image is such an overlay. */
  static boolean isOverlay(Disk disk) {
    return disk.image().source() instanceof StorageSource.File top
        && disk.image().below() instanceof Image.Below.Backing below
        && below.image().source() instanceof StorageSource.File base
        && top.path().startsWith(base.path() + MARK);
  }

  /** The image that a disk of a running guest shows without its changes. */
  public static Optional<String> base(XmlElement disk) {
    return isMeant(disk) && disk.value("source/@file", "").contains(MARK)
        ? disk.value("backingStore/source/@file")
        : Optional.empty();
  }
}
