package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.engine.EngineException.Kind;
import launcher.engine.disk.OverlayXml;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.GuestLife;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.qemu.Drives;
import launcher.engine.qemu.LiveGuest;
import launcher.engine.qemu.PassedFiles;
import launcher.engine.qemu.QemuMonitor;
import launcher.engine.run.DeviceMove;
import launcher.engine.store.OpenFile;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;

/** Other media in the drives of a running guest. */
final class MediumChange {
  private final GuestLife life;
  private final LiveGuest guest;
  private final LiveFiles files;

  /**
   * For a guest.
   *
   * @throws EngineException when it does not run, or is no QEMU guest
   */
  MediumChange(GuestLife life) {
    this.life = life;
    guest = LiveGuest.of(life);
    files = guest.files();
  }

  /**
   * What is put into a drive.
   *
   * @param file empty to leave the drive empty
   * @param format of the file, such as {@code raw}
   */
  record Medium(Optional<Path> file, String format) {}

  /**
   * Puts another medium into a drive, or takes the present one out; both are the guest's while QEMU
   * is told.
   */
  void exchange(String target, Medium medium, boolean force) {
    BegunMoves.settle(life);
    XmlElement live = life.running().live().copy();
    XmlElement drive = OverlayXml.named(guest.name(), live, target);
    if (!drive.is("device", "cdrom") && !drive.is("device", "floppy")) {
      throw new EngineException(
          Kind.INVALID,
          "'"
              + target
              + "' of guest '"
              + guest.name()
              + "' has no medium to change: it is no cdrom or floppy");
    }
    medium
        .file()
        .ifPresentOrElse(
            file -> OverlayXml.set(drive, file.toAbsolutePath(), medium.format()),
            () -> drive.child("source").ifPresent(XmlElement::detach));
    DeviceMove.Medium move = new DeviceMove.Medium(alias(drive), XmlWriter.write(live));
    BegunMoves.carryOut(
        life,
        move,
        () -> {
          files.admit(drive);
          tell(move.alias(), medium, force);
        });
    settle(move);
    refuseLocked(target, medium, drive, move.alias());
  }

  private void refuseLocked(String target, Medium medium, XmlElement drive, String alias) {
    if (medium.file().isEmpty() && !has(alias, drive)) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '"
              + guest.name()
              + "' has locked its drive '"
              + target
              + "' and was asked to open it: try again, or use --force");
    }
  }

  private void tell(String alias, Medium medium, boolean force) {
    if (medium.file().isPresent()) {
      List<OpenFile.Access> ways = List.of(OpenFile.Access.READ_WRITE, OpenFile.Access.READ);
      String name = PassedFiles.pass(guest.monitor(), medium.file().get().toAbsolutePath(), ways);
      Props change = Props.of("id", alias).put("filename", name).put("format", medium.format());
      guest.monitor().ask("blockdev-change-medium", change, QemuMonitor.WORK);
    } else {
      Props drive = Props.of("id", alias).put("force", force);
      guest.monitor().ask("blockdev-open-tray", drive, QemuMonitor.WORK);
      guest.monitor().tryAsk("blockdev-remove-medium", Props.of("id", alias), QemuMonitor.WORK);
    }
  }

  /**
   * Ends a change that was begun: QEMU is asked which medium it has, the live definition says so,
   * and the other one is the guest's no more.
   */
  void settle(DeviceMove.Medium move) {
    ActiveRun run = life.running();
    XmlElement wanted = XmlReader.read("live.xml", move.live());
    XmlElement before = run.live().copy();
    Optional<XmlElement> newDrive = drive(wanted, move.alias());
    Optional<XmlElement> oldDrive = drive(before, move.alias());
    if (newDrive.isPresent() && oldDrive.isPresent()) {
      if (has(move.alias(), newDrive.get())) {
        files.dismiss(oldDrive.get().copy(), wanted);
        run.live(wanted);
      } else if (has(move.alias(), oldDrive.get())) {
        files.dismiss(newDrive.get(), before);
      } else {
        XmlElement old = oldDrive.get().copy();
        oldDrive.get().child("source").ifPresent(XmlElement::detach);
        files.dismiss(newDrive.get(), before);
        files.dismiss(old, before);
        run.live(before);
      }
      // QEMU's lock on an image that nobody has would stay
      guest.plug().removeUnusedImages();
    }
    run.settled(move.alias());
  }

  private static Optional<XmlElement> drive(XmlElement live, String alias) {
    return live.childOrAdd("devices").children("disk").stream()
        .filter(disk -> alias(disk).equals(alias))
        .findFirst();
  }

  private static String alias(XmlElement drive) {
    return drive.value("alias/@name", "");
  }

  /** Whether QEMU has the very medium in the drive; none is one too. */
  private boolean has(String alias, XmlElement drive) {
    Optional<Path> wanted = OverlayXml.image(drive);
    Optional<String> inserted = inserted(alias);
    if (wanted.isEmpty() || inserted.isEmpty()) {
      return wanted.isEmpty() && inserted.isEmpty();
    }
    return paths(inserted.get()).stream().anyMatch(there -> same(there, wanted.get()));
  }

  private Optional<String> inserted(String alias) {
    return Drives.find(guest.monitor(), alias)
        .filter(drive -> drive.has("inserted"))
        .map(drive -> drive.object("inserted").string("file", ""));
  }

  /** A file that QEMU was handed open is what its descriptors are (proc_pid_fd(5)). */
  private List<Path> paths(String file) {
    if (!file.startsWith("/dev/fdset/")) {
      return List.of(Path.of(file));
    }
    return guest
        .monitor()
        .answer("query-fdsets", Props.empty(), QemuMonitor.QUESTION)
        .objects("return")
        .stream()
        .filter(set -> file.equals("/dev/fdset/" + set.number("fdset-id", -1)))
        .flatMap(set -> set.objects("fds").stream())
        .map(one -> Path.of("/proc/" + guest.run().record().pid() + "/fd/" + one.number("fd", -1)))
        .toList();
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException gone) {
      return false;
    }
  }
}
