package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.saving.ManagedSave;
import launcher.engine.store.DefinitionStore;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;
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
    if (name.isEmpty() || name.contains("\n")) {
      throw new EngineException(Kind.INVALID, "a guest's name is one line of text, and not empty");
    }
    if (Files.exists(ManagedSave.of(life))) {
      throw new EngineException(
          Kind.WRONG_STATE,
          "guest '"
              + old.name()
              + "' has a saved state, which knows it by its name: start it, or use managedsave-remove");
    }
    DefinitionStore store = life.context().definitions();
    if (store.holds(name)) {
      throw new EngineException(
          Kind.EXISTS, "guest '" + name + "' exists already, though it cannot be read");
    }
    XmlElement completed = old.completed().copy();
    completed.childOrAdd("name").text(name);
    String written = WrittenText.withName(old.written(), name);
    if (!named(old, written, name)) {
      // the name is written in a way that cannot be replaced in place, such as <![CDATA[web1]]>
      written = XmlWriter.write(completed);
    }
    if (!named(old, written, name)) {
      throw new EngineException(
          Kind.INVALID, "'" + name + "' holds characters that no XML document can hold");
    }
    try {
      store.rename(old.name(), name, written, XmlWriter.write(completed));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "guest '" + old.name() + "' cannot be renamed: " + EngineException.reason(e),
          e);
    }
    life.redefine(Definition.of(written, completed, true));
  }

  private static boolean named(Definition old, String written, String name) {
    try {
      return XmlReader.read(old.name(), written).value("name", "").equals(name);
    } catch (XmlException e) {
      return false;
    }
  }
}
