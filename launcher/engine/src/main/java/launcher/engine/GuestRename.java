package launcher.engine;

import java.io.IOException;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.store.DefinitionStore;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;

/** Gives a guest another name. */
final class GuestRename {
  private GuestRename() {}

  static void rename(GuestLife life, String name) {
    Definition old = life.definition();
    if (life.run().isPresent()) {
      throw new EngineException(
          Kind.WRONG_STATE, "guest '" + old.name() + "' is running: shut it down to rename it");
    }
    if (!old.persistent()) {
      throw new EngineException(
          Kind.WRONG_STATE, "guest '" + old.name() + "' is transient and keeps its name");
    }
    XmlElement completed = old.completed().copy();
    completed.childOrAdd("name").text(name);
    String written = WrittenText.withName(old.written(), name);
    DefinitionStore store = life.context().definitions();
    try {
      // the new one first: killed between, both are there with one UUID, and the loader drops the
      // old
      store.save(name, written, XmlWriter.write(completed));
      store.autostart(name, store.autostart(old.name()));
      store.remove(old.name());
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "guest '" + old.name() + "' cannot be renamed: " + e, e);
    }
    life.redefine(Definition.of(written, completed, true));
  }
}
