package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.isolation.BackingChain.Trust;
import launcher.schemas.XmlElement;

/**
 * The files of a guest, or of one of its devices: what the XML names, resolved, with the backing
 * files that only the images themselves name.
 */
final class GuestFiles {
  private static final int READABLE_BY_ALL = 4;
  private final XmlElement live;
  private final OtherGuests others;
  private final List<HostFile> files = new ArrayList<>();

  private GuestFiles(XmlElement live, OtherGuests others) {
    this.live = live;
    this.others = others;
  }

  /**
   * Finds them.
   *
   * @param scope the guest itself, or a device
   * @throws EngineException when a backing file may not be followed to
   */
  static List<HostFile> of(XmlElement live, XmlElement scope, OtherGuests others) {
    GuestFiles found = new GuestFiles(live, others);
    boolean all = scope.name().equals("domain");
    for (HostFile file : all ? FilesInUse.of(scope) : FilesInUse.ofDevice(scope)) {
      real(file.path()).ifPresent(path -> found.files.add(file.at(path)));
    }
    disks(scope).forEach(found::backing);
    return List.copyOf(found.files);
  }

  /** The disks of a guest, or the one that is asked for. */
  static List<XmlElement> disks(XmlElement scope) {
    return scope.name().equals("disk")
        ? List.of(scope)
        : scope.at("devices").map(all -> all.children("disk")).orElse(List.of());
  }

  /**
   * The files that an image stands on: as the guest's XML has it, else as its header says.
   *
   * @param known files that need no trust
   * @throws EngineException when a backing file may not be followed to
   */
  static List<Path> below(
      XmlElement domain, Path image, String format, List<Path> known, OtherGuests others) {
    Path real = real(image).orElse(image);
    for (XmlElement disk : disks(domain)) {
      String path = disk.value("source/@file", disk.value("source/@dev", ""));
      if (path.startsWith("/") && real(Path.of(path)).equals(Optional.of(real))) {
        return of(domain, disk, others).stream().map(HostFile::path).toList();
      }
    }
    Set<Path> trusted = new HashSet<>();
    known.forEach(file -> real(file).ifPresent(trusted::add));
    GuestFiles found = new GuestFiles(domain, others);
    Trust trust =
        (at, backing) -> trusted.contains(backing) ? Optional.empty() : found.against(at, backing);
    return format.equals("qcow2") ? found.follow(real, false, trust) : List.of();
  }

  /** Empty when it is not there: the step that needs it says so. */
  static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException missing) {
      return Optional.empty();
    }
  }

  /** Follows the image that the XML names last, unless it says that nothing is below it. */
  private void backing(XmlElement disk) {
    XmlElement last = disk;
    String format = disk.value("driver/@type", "");
    for (Optional<XmlElement> below = disk.child("backingStore");
        below.isPresent();
        below = last.child("backingStore")) {
      if (!below.get().hasChild("source")) {
        return;
      }
      last = below.get();
      format = last.value("format/@type", "");
    }
    String path = last.value("source/@file", last.value("source/@dev", ""));
    Optional<Path> image = path.startsWith("/") ? real(Path.of(path)) : Optional.empty();
    if (image.isPresent() && format.equals("qcow2")) {
      boolean data = last.at("source/dataStore").isPresent();
      follow(image.get(), data, this::against)
          .forEach(file -> files.add(new HostFile(file, HostFile.Use.CONTENT)));
    }
  }

  private List<Path> follow(Path image, boolean dataFile, Trust trust) {
    try {
      return BackingChain.of(image, dataFile, trust);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "Failed at step 'find backing files' starting guest '"
              + live.value("name", "")
              + "': "
              + e.getMessage(),
          e);
    }
  }

  /**
   * A guest that has taken its QEMU over can write into the header of its own image. So a name from
   * there leads to no other guest's disk, and to nothing that was private but in the image's own
   * folder.
   */
  private Optional<String> against(Path image, Path backing) throws IOException {
    Optional<String> owner = others.owner(backing, live.value("uuid", "no uuid"));
    if (owner.isPresent()) {
      return Optional.of("it is a disk of guest '" + owner.get() + "'");
    }
    Map<String, Object> found = Files.readAttributes(backing, "unix:mode");
    boolean open = ((Integer) found.getOrDefault("mode", 0) & READABLE_BY_ALL) != 0;
    boolean beside = backing.resolveSibling(".").equals(image.resolveSibling("."));
    return open || beside
        ? Optional.empty()
        : Optional.of("not everybody may read it, and it lies in another folder");
  }
}
