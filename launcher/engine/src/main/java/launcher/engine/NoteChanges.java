package launcher.engine;

import java.util.ArrayList;
import java.util.List;
import launcher.engine.EngineException.Kind;
import launcher.engine.change.Metadata;
import launcher.engine.qemu.QemuRunning;
import launcher.schemas.XmlElement;

/** What is said of a guest: its lifecycle actions, its description, what programs keep with it. */
record NoteChanges(ChangeActs acts) {
  /**
   * Changes what happens at an event of the guest.
   *
   * @param event {@code poweroff}, {@code reboot} or {@code crash}
   * @param action such as {@code destroy}, {@code restart}, {@code preserve}
   */
  void lifecycle(String event, String action, Scope scope) {
    if (!List.of("poweroff", "reboot", "crash").contains(event)) {
      throw new EngineException(
          Kind.INVALID, "there is no event '" + event + "': poweroff, reboot or crash");
    }
    List<String> actions =
        new ArrayList<>(List.of("destroy", "restart", "rename-restart", "preserve"));
    if (event.equals("crash")) {
      actions.addAll(List.of("coredump-destroy", "coredump-restart"));
    }
    if (!actions.contains(action)) {
      throw new EngineException(
          Kind.INVALID,
          "there is no action '" + action + "' at " + event + ": " + String.join(", ", actions));
    }
    acts.carryOut(
        scope,
        new ChangeActs.Change("set-lifecycle-action", text -> text.child("on_" + event, action)),
        () -> {
          XmlElement checked = acts.life().running().live().copy();
          checked.childOrAdd("on_" + event).text(action);
          ToldTwice.tell(
              acts.life().running(),
              acts.guest().qemu(),
              "the lifecycle",
              "set-action",
              QemuRunning.actions(checked),
              checked);
        });
  }

  /**
   * Changes the description or the title.
   *
   * @param child {@code description} or {@code title}
   * @param words empty to remove it
   */
  void describe(String child, String words, Scope scope) {
    if (child.equals("title") && words.indexOf('\n') >= 0) {
      throw new EngineException(Kind.INVALID, "a title is one line");
    }
    acts.carryOut(
        scope,
        new ChangeActs.Change(
            "desc",
            text -> {
              if (words.isEmpty()) {
                text.removeChild(child);
              } else {
                text.child(child, words);
              }
            }),
        () ->
            acts.alive(live -> {
              if (words.isEmpty()) {
                live.child(child).ifPresent(XmlElement::detach);
              } else {
                live.childOrAdd(child).text(words);
              }
            }));
  }

  /** What a program keeps with the guest. */
  void metadata(Metadata change, Scope scope) {
    acts.carryOut(
        scope,
        new ChangeActs.Change("metadata", text -> text.change(change::apply)),
        () -> acts.alive(change::apply));
  }
}
