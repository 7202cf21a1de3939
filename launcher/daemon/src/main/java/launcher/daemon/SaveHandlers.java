package launcher.daemon;

import java.nio.file.Path;
import launcher.control.Json;
import launcher.engine.Engine;
import launcher.engine.Guest;

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
        .manage("managedsave-remove", this::forget);
  }

  private Guest guest(Call call) {
    return engine.guests().get(call.guest());
  }

  private static boolean past(Call call) {
    return call.arguments().isTrue("bypassCache");
  }

  private Json save(Call call) {
    guest(call).save(Path.of(call.arguments().text("file")), past(call), new ActProgress(call));
    return Json.object();
  }

  private Json restore(Call call) {
    boolean paused = call.arguments().isTrue("paused");
    Path file = Path.of(call.arguments().text("file"));
    Guest guest = engine.guests().restore(file, paused, past(call), new ActProgress(call));
    return Json.object("name", guest.name(), "uuid", guest.uuid());
  }

  private Json managedSave(Call call) {
    guest(call).managedSave(past(call), new ActProgress(call));
    return Json.object();
  }

  private Json forget(Call call) {
    guest(call).removeManagedSave();
    return Json.object();
  }
}
