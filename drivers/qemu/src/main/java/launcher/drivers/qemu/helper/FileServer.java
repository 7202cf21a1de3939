package launcher.drivers.qemu.helper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.PlanException;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.filesystem.FilesystemCommand;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.domain.Filesystem;
import launcher.schemas.domain.Filesystem.Binary;

/**
 * The daemon behind a virtiofs file system (virtiofsd(1)). It gets its listening socket as a
 * descriptor and ends when QEMU hangs up.
 */
final class FileServer {
  private FileServer() {}

  static List<Step> of(Guest guest, HostFacts facts, Grants grants) {
    List<Step> steps = new ArrayList<>();
    for (Filesystem filesystem : guest.devices().filesystems()) {
      // one with a socket in the XML is run by somebody else
      if (filesystem.virtiofs() && filesystem.socket().isEmpty()) {
        Path socket = Path.of(FilesystemCommand.socket(guest, filesystem));
        steps.add(
            new FileStep.Require(Path.of(filesystem.folder().orElse("/")), "folder to share"));
        steps.add(new FileStep.MakeDirectory(Helpers.folder(socket), 0700, false));
        steps.add(server(guest, facts, grants, filesystem, socket));
      }
    }
    return steps;
  }

  private static HelperStep server(
      Guest guest, HostFacts facts, Grants grants, Filesystem filesystem, Path socket) {
    return new HelperStep.Start(
        "virtiofsd",
        program(guest, filesystem),
        words(filesystem),
        Optional.of(socket),
        Optional.empty(),
        Optional.empty(),
        Helpers.pidFile(grants, filesystem.alias()),
        grants.log(),
        facts.privileged() ? HelperStep.Rights.FILE_SERVER : HelperStep.Rights.GUEST,
        Optional.empty(),
        List.of(),
        List.of(Helpers.folder(socket)),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static String program(Guest guest, Filesystem filesystem) {
    return filesystem
        .binary()
        .flatMap(Binary::path)
        .or(() -> guest.host().settings().text("virtiofsd"))
        .orElse("virtiofsd");
  }

  private static List<String> words(Filesystem filesystem) {
    List<String> words = new ArrayList<>(List.of("--fd=3"));
    StringBuilder options = new StringBuilder("source=" + folder(filesystem));
    Optional<Binary> binary = filesystem.binary();
    binary.flatMap(Binary::cache).ifPresent(mode -> options.append(",cache=").append(mode));
    binary.flatMap(Binary::sandbox).ifPresent(mode -> options.append(",sandbox=").append(mode));
    binary
        .flatMap(Binary::extendedAttributes)
        .ifPresent(on -> options.append(on ? ",xattr" : ",no_xattr"));
    XmlElement lock = filesystem.element().at("binary/lock").orElseGet(() -> XmlElement.of("lock"));
    lock.attribute("flock")
        .ifPresent(on -> options.append(on.equals("on") ? ",flock" : ",no_flock"));
    lock.attribute("posix")
        .ifPresent(on -> options.append(on.equals("on") ? ",posix_lock" : ",no_posix_lock"));
    words.addAll(List.of("-o", options.toString()));
    binary.flatMap(Binary::threads).ifPresent(count -> words.add("--thread-pool-size=" + count));
    binary.flatMap(Binary::openFiles).ifPresent(count -> words.add("--rlimit-nofile=" + count));
    if (filesystem.readOnly()) {
      words.add("--readonly");
    }
    words.addAll(idMaps(filesystem.element()));
    return words;
  }

  /** The folder; virtiofsd's implementations know no common way to write a comma in an option. */
  private static String folder(Filesystem filesystem) {
    String folder = filesystem.folder().orElse("/");
    if (folder.indexOf(',') >= 0 || folder.indexOf('\\') >= 0) {
      throw new PlanException(
          List.of(
              XmlProblem.at(
                  "guest",
                  filesystem.element(),
                  "virtiofsd cannot be told of the folder '%s': a comma or a backslash in its name would be read as options; share one without, or a bind mount of it"
                      .formatted(folder))));
    }
    return folder;
  }

  private static List<String> idMaps(XmlElement filesystem) {
    List<String> words = new ArrayList<>();
    for (String kind : List.of("uid", "gid")) {
      for (XmlElement map :
          filesystem.child("idmap").map(maps -> maps.children(kind)).orElse(List.of())) {
        words.add(
            "--%s-map=:%s:%s:%s:"
                .formatted(
                    kind,
                    map.attribute("start", "0"),
                    map.attribute("target", "0"),
                    map.attribute("count", "1")));
      }
    }
    return words;
  }
}
