package launcher.engine;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import launcher.engine.change.WrittenDefinition;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.schemas.XmlElement;

/**
 * Carries changes of a guest out, in its definition, its run, or both: what the definition refuses
 * is refused before the running guest is touched.
 */
final class ChangeActs {
  private final Guest guest;
  private final GuestLife life;
  private final Guests guests;

  ChangeActs(Guest guest, Guests guests) {
    this.guest = guest;
    this.guests = guests;
    life = guest.life();
  }

  Guest guest() {
    return guest;
  }

  GuestLife life() {
    return life;
  }

  /** A change of the text, of the completed definition that it follows, and of the run. */
  record Change(String act, Consumer<WrittenDefinition> text, UnaryOperator<XmlElement> previous) {
    Change(String act, Consumer<WrittenDefinition> text) {
      this(act, text, tree -> tree);
    }
  }

  /** Does one thing after the one before it. */
  void carryOut(Scope asked, Change change, Runnable live) {
    // who keeps such a guest brings a change of its definition into its run too
    Scope scope = guest.foreign() ? new Scope(false, true) : asked;
    life.act(
        change.act(),
        () -> {
          scope.check(guest);
          Optional<Definition> changed =
              scope.config() ? Optional.of(prepared(change)) : Optional.empty();
          if (scope.live()) {
            live.run();
          }
          changed.ifPresent(definition -> guests.keep(life, definition));
        });
  }

  private Definition prepared(Change change) {
    WrittenDefinition text = new WrittenDefinition(life.definition().written());
    change.text().accept(text);
    return guests.changed(
        life, text.text(), change.previous().apply(life.definition().completed().copy()));
  }

  /** Changes the live definition after the running guest has been changed. */
  void alive(Consumer<XmlElement> change) {
    ActiveRun run = life.running();
    XmlElement live = run.live().copy();
    change.accept(live);
    run.live(live);
  }
}
