package launcher.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.GuestSnapshots;
import launcher.engine.Snapshot;
import launcher.engine.SnapshotRequest;

/**
 * Snapshots.
 *
 * @param engine the guests
 */
record SnapshotHandlers(Engine engine) implements HandlerFamily {
  @Override
  public void register(Handlers handlers) {
    handlers
        .manage("snapshot-create-as", this::create)
        .manage("snapshot-create", this::createFromXml)
        .manage("snapshot-redefine", this::redefine)
        .manage( // it looks where the files would be that are named
            "snapshot-plan",
            call -> Json.object("xml", PublicXml.of(call, snapshots(call).plan(request(call)))))
        .read("snapshot-list", this::list)
        .read("snapshot-dumpxml", this::xml)
        .manage("snapshot-current", this::makeCurrent)
        .manage("snapshot-revert", this::revert)
        .manage("snapshot-delete", this::delete);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  private GuestSnapshots snapshots(Call call) {
    return guest(call).snapshots();
  }

  private static SnapshotRequest request(Call call) {
    Members said = call.arguments();
    List<SnapshotRequest.DiskWish> wishes = new ArrayList<>();
    for (Json item : said.items("disks")) {
      if (item instanceof Members disk) {
        wishes.add(
            new SnapshotRequest.DiskWish(
                disk.text("disk"),
                disk.findText("mode").map(SnapshotHandlers::mode),
                disk.findText("file").map(Path::of)));
      }
    }
    return new SnapshotRequest(
        said.findText("name"),
        said.findText("description").orElse(""),
        said.isTrue("diskOnly"),
        said.isTrue("quiesce"),
        said.isTrue("halt"),
        said.isTrue("reuse"),
        !said.isTrue("noMetadata"),
        wishes,
        said.findText("memoryFile").map(Path::of));
  }

  private static Snapshot.Mode mode(String word) {
    try {
      return Snapshot.Mode.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ControlException(
          Outcome.USAGE, "'" + word + "' is no kind of snapshot: internal, external or no", e);
    }
  }

  private Json create(Call call) {
    Guest guest = guest(call);
    return row(guest, guest.snapshots().create(request(call), new ActProgress(call)));
  }

  private Json createFromXml(Call call) {
    Guest guest = guest(call);
    String xml = call.arguments().text("xml");
    return row(guest, guest.snapshots().create(xml, request(call), new ActProgress(call)));
  }

  private Json redefine(Call call) {
    Members said = call.arguments();
    return Json.object("name", snapshots(call).redefine(said.text("xml"), said.isTrue("current")));
  }

  private Json list(Call call) {
    Guest guest = guest(call);
    return new Json.Array(
        guest.snapshots().list().stream().<Json>map(one -> row(guest, one)).toList());
  }

  private static Members row(Guest guest, Snapshot snapshot) {
    boolean current =
        guest.snapshots().current().filter(one -> one.name().equals(snapshot.name())).isPresent();
    List<Json> disks = new ArrayList<>();
    for (Snapshot.Disk disk : snapshot.disks()) {
      disks.add(
          Json.object(
              "target", disk.target(),
              "mode", disk.mode().word(),
              "file", disk.file().map(Path::toString)));
    }
    return Json.object(
        "name", snapshot.name(),
        "description", snapshot.description(),
        "domain", guest.name(),
        "current", current,
        "state", snapshot.state(),
        "created", snapshot.created().getEpochSecond(),
        "location", snapshot.external() ? "external" : "internal",
        "memory", snapshot.memory(),
        "memoryFile", snapshot.memoryFile().map(Path::toString),
        "parent", snapshot.parent(),
        "disks", disks);
  }

  /** The named one, or the current one where none is named. */
  private static String named(Call call, Guest guest) {
    Optional<String> name = call.arguments().findText("snapshot");
    return name.or(() -> guest.snapshots().current().map(Snapshot::name))
        .orElseThrow(() ->
            new ControlException(
                Outcome.NOT_FOUND, "guest '" + guest.name() + "' has no current snapshot"));
  }

  private Json xml(Call call) {
    Guest guest = guest(call);
    String name = named(call, guest);
    return Json.object(
        "name",
        name,
        "xml",
        XmlParts.of(call.arguments(), PublicXml.of(call, guest.snapshots().xml(name))));
  }

  private Json makeCurrent(Call call) {
    snapshots(call).current(call.arguments().text("snapshot"));
    return Json.object();
  }

  private Json revert(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    String name = named(call, guest);
    guest
        .snapshots()
        .revert(
            name,
            new GuestSnapshots.RevertOptions(
                said.isTrue("running"), said.isTrue("paused"), said.isTrue("resetNvram")),
            new ActProgress(call));
    return Json.object("name", name);
  }

  private Json delete(Call call) {
    Guest guest = guest(call);
    Members said = call.arguments();
    String name = named(call, guest);
    guest
        .snapshots()
        .delete(
            name,
            new GuestSnapshots.DeleteOptions(
                said.isTrue("children"), said.isTrue("childrenOnly"), said.isTrue("metadata")),
            new ActProgress(call));
    return Json.object("name", name);
  }
}
