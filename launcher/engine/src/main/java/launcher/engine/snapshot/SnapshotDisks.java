package launcher.engine.snapshot;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.Snapshot;
import launcher.engine.Snapshot.Mode;
import launcher.engine.SnapshotRequest;
import launcher.engine.SnapshotRequest.DiskWish;
import launcher.engine.disk.OverlayXml;
import launcher.engine.store.FileNames;
import launcher.schemas.XmlElement;

/** Decides which disks take part in a snapshot, and how. */
final class SnapshotDisks {
  private final String guest;
  private final XmlElement domain;

  SnapshotDisks(String guest, XmlElement domain) {
    this.guest = guest;
    this.domain = domain;
  }

  /**
   * A disk that was there when a snapshot was taken.
   *
   * @throws EngineException when the guest has it no more
   */
  static XmlElement disk(String guest, XmlElement domain, String target) {
    return OverlayXml.disk(domain, target)
        .orElseThrow(() ->
            new EngineException(
                Kind.WRONG_STATE, "guest '" + guest + "' has no disk '" + target + "' any more"));
  }

  /**
   * What happens with each disk.
   *
   * @param name of the snapshot, for the names of new images
   * @throws EngineException when a disk cannot do what is asked
   */
  List<Snapshot.Disk> choose(SnapshotRequest request, String name, boolean running) {
    refuseUnknown(request);
    List<Snapshot.Disk> disks = new ArrayList<>();
    for (XmlElement disk : domain.childOrAdd("devices").children("disk")) {
      disks.add(choose(disk, request, name));
    }
    boolean internal = disks.stream().anyMatch(d -> d.mode() == Mode.INTERNAL);
    boolean external = disks.stream().anyMatch(d -> d.mode() == Mode.EXTERNAL);
    if (internal && external) {
      throw invalid("one snapshot cannot be internal for one disk and external for another");
    }
    if (running && internal && request.newImages()) {
      throw invalid(
          "the disks alone of a running guest are external: leave --disk-only or 'internal' out");
    }
    if (running && external && !request.newImages()) {
      throw invalid("external disks need --disk-only or --memspec while the guest runs");
    }
    request.memoryFile().ifPresent(file -> refuseMemory(file, running, request, disks));
    if (!internal && !external && request.memoryFile().isEmpty()) {
      throw invalid("it has no disk that could be in a snapshot");
    }
    refuseSame(disks);
    return disks;
  }

  private void refuseMemory(
      Path file, boolean running, SnapshotRequest request, List<Snapshot.Disk> disks) {
    if (!running) {
      throw invalid("a guest that is off has no memory: leave --memspec out");
    }
    if (request.diskOnly()) {
      throw invalid("--disk-only leaves the memory out, --memspec says where it goes: not both");
    }
    if (!file.isAbsolute()) {
      throw invalid("'" + file + "' for the memory is no absolute path");
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new EngineException(
          Kind.EXISTS, "'" + file + "' for the memory is there already: name another file");
    }
    if (disks.stream().anyMatch(disk -> disk.file().filter(file::equals).isPresent())) {
      throw invalid("the memory and a disk would get the same file '" + file + "'");
    }
  }

  private Snapshot.Disk choose(XmlElement disk, SnapshotRequest request, String name) {
    String target = disk.value("target/@dev", "");
    Optional<DiskWish> wish =
        request.disks().stream().filter(w -> OverlayXml.is(disk, w.disk())).findFirst();
    Mode mode = wish.flatMap(DiskWish::mode).orElseGet(() -> usual(disk, request, wish));
    return switch (mode) {
      case NO -> new Snapshot.Disk(target, mode, Optional.empty());
      case INTERNAL -> {
        refuseInternal(disk, target);
        yield new Snapshot.Disk(target, mode, Optional.empty());
      }
      case EXTERNAL -> {
        Path file = wish.flatMap(DiskWish::file).orElseGet(() -> beside(disk, target, name));
        refuseExternal(disk, target, file, request.reuse());
        yield new Snapshot.Disk(target, mode, Optional.of(file));
      }
    };
  }

  /**
   * As libvirt has it: what nobody writes needs no snapshot; a disk may say itself what it wants.
   */
  private static Mode usual(XmlElement disk, SnapshotRequest request, Optional<DiskWish> wish) {
    boolean nobodyWrites =
        disk.hasChild("readonly")
            || disk.is("device", "cdrom")
            || disk.is("device", "floppy")
            || !disk.hasChild("source");
    if (nobodyWrites) {
      return Mode.NO;
    }
    if (wish.flatMap(DiskWish::file).isPresent() || request.newImages()) {
      return disk.is("snapshot", "no") ? Mode.NO : Mode.EXTERNAL;
    }
    return disk.attribute("snapshot").map(SnapshotXml::mode).orElse(Mode.INTERNAL);
  }

  private void refuseInternal(XmlElement disk, String target) {
    String format = disk.value("driver/@type", "raw");
    if (!format.equals("qcow2")) {
      throw invalid(
          "disk '"
              + target
              + "' is "
              + format
              + ", and only qcow2 images hold snapshots: use --disk-only, or 'snapshot=no' for it");
    }
    if (OverlayXml.image(disk).isEmpty()) {
      throw invalid("disk '" + target + "' lies in no file of this host");
    }
  }

  private void refuseExternal(XmlElement disk, String target, Path file, boolean reuse) {
    if (OverlayXml.image(disk).isEmpty()) {
      throw invalid("disk '" + target + "' lies in no file of this host");
    }
    if (disk.hasChild("shareable")) {
      throw invalid("disk '" + target + "' is shared and cannot get an image of its own");
    }
    if (!file.isAbsolute()) {
      throw invalid("'" + file + "' for disk '" + target + "' is no absolute path");
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) != reuse) {
      throw new EngineException(
          reuse ? Kind.NOT_FOUND : Kind.EXISTS,
          reuse
              ? "there is no '" + file + "' to reuse for disk '" + target + "'"
              : "'" + file + "' for disk '" + target + "' is there already: name another file");
    }
  }

  /** {@code disk.qcow2} and a snapshot {@code s1} make {@code disk.s1} beside it, as in libvirt. */
  private Path beside(XmlElement disk, String target, String name) {
    if (!disk.is("type", "file")) {
      throw invalid(
          "disk '"
              + target
              + "' is no file: say where its new image lies, --diskspec "
              + target
              + ",file=/…");
    }
    return beside(OverlayXml.image(disk).orElseThrow(), FileNames.of(name));
  }

  /** {@code disk.qcow2} and an ending {@code s1} make {@code disk.s1}. */
  static Path beside(Path image, String ending) {
    String file = String.valueOf(image.getFileName());
    int dot = file.lastIndexOf('.');
    String stem = dot > 0 ? file.substring(0, dot) : file;
    return image.resolveSibling(stem + "." + ending);
  }

  private void refuseUnknown(SnapshotRequest request) {
    for (DiskWish wish : request.disks()) {
      boolean known =
          domain.childOrAdd("devices").children("disk").stream()
              .anyMatch(disk -> OverlayXml.is(disk, wish.disk()));
      if (!known) {
        throw new EngineException(
            Kind.NOT_FOUND, "guest '" + guest + "' has no disk '" + wish.disk() + "'");
      }
    }
  }

  private void refuseSame(List<Snapshot.Disk> disks) {
    Set<Path> files = new HashSet<>();
    for (Snapshot.Disk disk : disks) {
      if (disk.file().isPresent() && !files.add(disk.file().get().normalize())) {
        throw invalid("two disks would get the same image '" + disk.file().get() + "'");
      }
    }
  }

  private EngineException invalid(String why) {
    return new EngineException(Kind.INVALID, "guest '" + guest + "' gets no snapshot: " + why);
  }
}
