package launcher.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.saving.GuestRestoring;
import launcher.engine.saving.GuestSaving;
import launcher.engine.saving.ManagedSave;
import launcher.schemas.XmlElement;

/** What a guest is saved to and comes back from: files of people's own, and its managed save. */
final class GuestSaves {
  private final Guest guest;
  private final GuestLife life;

  GuestSaves(Guest guest) {
    this.guest = guest;
    life = guest.life();
  }

  private Path managed() {
    return ManagedSave.of(life);
  }

  /** Whether a saved state waits for its next start. */
  boolean waits() {
    return Files.exists(managed());
  }

  /** Starts it, from its saved state when it has one. */
  void start(StartOptions options, Consumer<JobProgress> progress) {
    begin(
        "start",
        () -> {
          if (life.run().isEmpty() && options.forceBoot()) {
            // before the start: a guest that has run must not come back as it was before
            forget();
          }
          if (life.run().isEmpty() && options.resetVariables()) {
            resetVariables();
          }
          if (waits()) {
            GuestRestoring.restore(life, managed(), restoring(options), progress);
          } else {
            life.start(new LaunchOptions(options.paused(), false), "booted");
          }
        });
  }

  /** What is refused before it begins leaves no transient guest behind. */
  private void begin(String what, Runnable start) {
    life.act(
        what,
        () -> {
          try {
            start.run();
          } finally {
            life.vanishUnlessRunning();
          }
        });
  }

  /** The start makes them anew from their template. */
  private void resetVariables() {
    XmlElement domain = life.definition().completed();
    Optional<Path> variables = Definition.nvram(domain);
    if (variables.isEmpty() || domain.value("os/nvram/@template").isEmpty()) {
      throw new EngineException(
          Kind.INVALID,
          "guest '" + guest.name() + "' has no firmware variables that are made from a template");
    }
    try {
      Files.deleteIfExists(variables.get());
    } catch (IOException e) {
      throw stay("firmware variables", e);
    }
  }

  private EngineException stay(String what, IOException e) {
    return new EngineException(
        Kind.FAILED,
        "the %s of guest '%s' cannot be removed: %s"
            .formatted(what, guest.name(), EngineException.reason(e)),
        e);
  }

  private static RestoreOptions restoring(StartOptions options) {
    return new RestoreOptions(
        options.bypassCache(),
        options.paused() ? Optional.of(false) : Optional.empty(),
        Optional.empty());
  }

  void remove() {
    life.act("managedsave-remove", this::forget);
  }

  private void forget() {
    try {
      ManagedSave.forget(life);
    } catch (IOException e) {
      throw stay("saved state", e);
    }
  }

  void save(Path file, SaveOptions options, Consumer<JobProgress> progress) {
    life.act(
        "save",
        () -> GuestSaving.save(life, guest.qemu(), file.toAbsolutePath(), options, progress));
  }

  void saveManaged(SaveOptions options, Consumer<JobProgress> progress) {
    if (!guest.persistent()) {
      throw new EngineException(
          Kind.WRONG_STATE, "guest '" + guest.name() + "' is transient: save it to a file");
    }
    life.act("save", () -> GuestSaving.save(life, guest.qemu(), managed(), options, progress));
  }

  SavedGuest saved() {
    if (!waits()) {
      throw new EngineException(Kind.NOT_FOUND, "guest '" + guest.name() + "' has no saved state");
    }
    return new SavedGuest(life.context(), managed());
  }

  void restore(Path file, RestoreOptions options, Consumer<JobProgress> progress) {
    begin(
        "restore",
        () -> {
          if (waits() && life.run().isEmpty()) {
            throw new EngineException(
                Kind.WRONG_STATE,
                "guest '"
                    + guest.name()
                    + "' has a saved state, which its next start would take: start it, or use"
                    + " managedsave-remove");
          }
          GuestRestoring.restore(life, file, options, progress);
        });
  }
}
