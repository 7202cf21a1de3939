package launcher.engine.guest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import launcher.drivers.plan.Grants;
import launcher.engine.EngineException;
import launcher.engine.Folders;
import launcher.engine.GuestEvent;
import launcher.engine.run.PlanRunner;
import launcher.engine.run.RunRecord;
import launcher.engine.run.RunRecords;
import launcher.engine.secret.SecretStore;
import launcher.engine.store.DefinitionStore;
import launcher.engine.store.FileNames;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;
import launcher.spawn.Spawner;

/**
 * What all guests of one engine share; made once when it opens.
 *
 * @param folders where everything lies
 * @param spawner the door to processes
 * @param definitions of guests
 * @param records of what runs
 * @param secrets what guests are told in confidence
 * @param hypervisors what runs guests
 * @param scopes where those live that have no groups of their own
 * @param ids the last number given to a run
 * @param listener told of every event
 */
public record EngineContext(
    Folders folders,
    Spawner spawner,
    DefinitionStore definitions,
    RunRecords records,
    SecretStore secrets,
    List<Hypervisor> hypervisors,
    SystemdScopes scopes,
    AtomicInteger ids,
    Consumer<GuestEvent> listener) {
  public EngineContext {
    hypervisors = List.copyOf(hypervisors);
  }

  /** Carries out steps and takes them back. */
  public PlanRunner runner() {
    return new PlanRunner(spawner, secrets);
  }

  /** Who runs domains of a type. */
  public Hypervisor hypervisor(String guest, String type) {
    for (Hypervisor hypervisor : hypervisors) {
      if (hypervisor.drives(type)) {
        return hypervisor;
      }
    }
    throw new EngineException(
        EngineException.Kind.INVALID,
        "guest '" + guest + "' is of type '" + type + "', which nothing here runs");
  }

  void emit(String guest, String kind, String detail) {
    listener.accept(new GuestEvent(Instant.now(), guest, kind, detail));
  }

  /**
   * Writes down what is remembered of a run.
   *
   * @throws EngineException when it cannot be written
   */
  void save(RunRecord record) {
    try {
      records.save(record);
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "the record of guest '" + record.name() + "' cannot be written: " + e.getMessage(),
          e);
    }
  }

  /** Writes down what a run is now; throws as {@link #save}. */
  void saveLive(RunRecord record, XmlElement live) {
    try {
      records.saveLive(record.uuid(), XmlWriter.write(live));
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "the live XML of guest '" + record.name() + "' cannot be written: " + e.getMessage(),
          e);
    }
  }

  /** Sets things aside for a run. */
  Grants grants(Definition definition, int id) {
    return new Grants(
        id,
        folders.runtime().resolve("guests").resolve(definition.uuid()),
        stateFolder(definition.uuid()),
        log(definition.name()),
        Map.of());
  }

  /** Where a guest's managed save lies; launcher's alone. */
  public Path savedFolder(String uuid) {
    return folders.state().resolve("saved").resolve(uuid);
  }

  /** The lasting files that a guest's own process writes: its TPM's. */
  public Path stateFolder(String uuid) {
    return folders.state().resolve("guests").resolve(uuid);
  }

  /** A guest's log. */
  public Path log(String name) {
    return folders.logs().resolve(FileNames.of(name) + ".log");
  }
}
