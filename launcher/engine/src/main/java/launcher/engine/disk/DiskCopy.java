package launcher.engine.disk;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.engine.BlockCopy;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.qemu.HotPlug;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.run.DiskJob;
import launcher.engine.run.DiskJob.Wish;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.ImageTool;
import launcher.schemas.XmlElement;

/** Begins to copy a disk to another image, which is kept the same until it is told to end. */
final class DiskCopy {
  private final LiveGuest guest;
  private final DiskPlace place;
  private final BlockCopy wanted;
  private final Path to;
  private final String format;
  private final boolean shallow;

  DiskCopy(LiveGuest guest, DiskPlace place, BlockCopy wanted) {
    this.guest = guest;
    this.place = place;
    this.wanted = wanted;
    to = wanted.to().toAbsolutePath().normalize();
    format =
        wanted.format().orElseGet(() -> ChainNodes.format(guest.qemu(), place.drive().format()));
    shallow = wanted.shallow() && place.backing().isPresent();
  }

  /** Whether the image is made here, and goes when nothing comes of the copy. */
  private boolean makes() {
    return !wanted.reuse() && !wanted.device();
  }

  /**
   * Begins.
   *
   * @throws EngineException when the image cannot be written to, or QEMU refuses; nothing is left
   */
  DiskJob begin(DiskJobEnd end) {
    refuseUnfit();
    if (makes()) {
      make();
    }
    HotPlug plug = guest.plug();
    XmlElement after = place.disk().copy();
    OverlayXml.set(after, to, format);
    DiskJob planned = job();
    DiskJobStart start = new DiskJobStart(guest);
    try {
      start.admitted(
          after,
          () -> {
            String node = plug.addImage(LiveImages.nodes(guest, place.target(), to, format));
            start.begin("blockdev-mirror", arguments(planned, node), planned.in(node));
          });
    } catch (RuntimeException e) {
      plug.removeUnusedImages();
      if (makes()) {
        end.remove(to);
      }
      throw e;
    }
    return planned;
  }

  private void refuseUnfit() {
    if (makes()) {
      AtomicFile.refuseSpecial(to);
      if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
        throw new EngineException(
            Kind.EXISTS, "'" + to + "' is there already: name another file, or --reuse-external");
      }
    } else if (!Files.exists(to)) {
      throw new EngineException(Kind.NOT_FOUND, "there is no '" + to + "' to copy to");
    }
    if (wanted.shallow() && !format.equals("qcow2")) {
      throw new EngineException(Kind.INVALID, "only a qcow2 copy can have something below it");
    }
  }

  private void make() {
    ImageTool images = QemuHypervisor.imageTool(guest.life());
    long bytes = place.drive().bytes();
    if (shallow) {
      Path below = place.backing().orElseThrow();
      images.create(to, below, ChainNodes.format(guest.qemu(), place.chain().node(below)), bytes);
    } else {
      images.create(to, format, bytes);
    }
  }

  private DiskJob job() {
    return new DiskJob(
        place.id("copy"),
        shallow ? DiskJob.Kind.SHALLOW_COPY : DiskJob.Kind.COPY,
        place.target(),
        place.image(),
        Optional.of(to),
        format,
        place.backing().filter(_ -> shallow),
        "",
        List.of(),
        Wish.NONE);
  }

  private Props arguments(DiskJob job, String node) {
    Props arguments =
        DiskJobStart.arguments(job, place.drive().top(), wanted.speed())
            .put("target", node)
            .put("sync", shallow ? "top" : "full");
    wanted.granularity().ifPresent(bytes -> arguments.put("granularity", bytes));
    wanted.buffer().ifPresent(bytes -> arguments.put("buf-size", bytes));
    if (wanted.synchronous()) {
      arguments.put("copy-mode", "write-blocking");
    }
    return arguments;
  }
}
