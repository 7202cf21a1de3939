package launcher.daemon;

import java.nio.file.Path;
import java.util.Optional;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.engine.Engine;
import launcher.engine.Guest;
import launcher.engine.RestoreOptions;
import launcher.engine.SaveOptions;
import launcher.engine.SavedGuest;

/**
 * Saved memory.
 *
 * @param engine the guests
 */
record SaveHandlers(Engine engine) implements HandlerFamily {

  @Override
  public void register(Handlers handlers) {
    handlers
        .manage("save", this::save)
        .manage("restore", this::restore)
        .manage("managedsave", this::managedSave)
        .manage("managedsave-remove", this::forget)
        .manage("saved-xml", this::savedXml)
        .manage("saved-define", this::changeSaved);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  private static Optional<Boolean> running(Members said) {
    return said.isTrue("running")
        ? Optional.of(true)
        : said.isTrue("paused") ? Optional.of(false) : Optional.empty();
  }

  private static SaveOptions saving(Members said) {
    return new SaveOptions(said.isTrue("bypassCache"), running(said), said.findText("xml"));
  }

  private Json save(Call call) {
    Members said = call.arguments();
    guest(call).save(Path.of(said.text("file")), saving(said), new ActProgress(call));
    return Json.object();
  }

  private Json restore(Call call) {
    Members said = call.arguments();
    RestoreOptions options =
        new RestoreOptions(said.isTrue("bypassCache"), running(said), said.findText("xml"));
    Guest guest =
        engine.guests().restore(Path.of(said.text("file")), options, new ActProgress(call));
    return Json.object("name", guest.name(), "uuid", guest.uuid());
  }

  private Json managedSave(Call call) {
    guest(call).managedSave(saving(call.arguments()), new ActProgress(call));
    return Json.object();
  }

  /** A file that was named, or a guest's own. */
  private SavedGuest saved(Call call) {
    return call.arguments()
        .findText("file")
        .map(file -> engine.guests().saved(Path.of(file)))
        .orElseGet(() -> guest(call).managedSave());
  }

  private Json savedXml(Call call) {
    return Json.object("xml", XmlParts.of(call.arguments(), PublicXml.of(call, saved(call).xml())));
  }

  private Json changeSaved(Call call) {
    Members said = call.arguments();
    saved(call).change(said.text("xml"), running(said));
    return Json.object();
  }

  private Json forget(Call call) {
    Guest guest = guest(call);
    boolean there = guest.hasManagedSave();
    guest.removeManagedSave();
    return Json.object("removed", there);
  }
}
