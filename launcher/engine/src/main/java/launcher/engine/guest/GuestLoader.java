package launcher.engine.guest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.EngineException;
import launcher.engine.host.ProcessHold;
import launcher.engine.run.ProcessIdentity;
import launcher.engine.run.RunRecord;
import launcher.engine.run.RunRecords;
import launcher.engine.store.DefinitionStore;
import launcher.engine.store.FileNames;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;
import launcher.spawn.Signal;

/** Finds what is defined and what runs when an engine opens. */
public final class GuestLoader {
  private final EngineContext context;
  private final Consumer<GuestLife> vanished;
  private final Map<String, GuestLife> lives = new HashMap<>();

  /** For an engine. */
  public GuestLoader(EngineContext context, Consumer<GuestLife> vanished) {
    this.context = context;
    this.vanished = vanished;
  }

  /** Everything defined, and everything that runs attached; one that is damaged hurts no other. */
  public Collection<GuestLife> load() throws IOException {
    for (DefinitionStore.Entry entry : context.definitions().load(this::unreadable)) {
      define(entry);
    }
    for (RunRecords.Run run : context.records().load(this::unreadable)) {
      context.ids().accumulateAndGet(run.record().id(), Math::max);
      try {
        if (isForeign(run.record())) {
          // what keeps it says whether it runs
          context.records().remove(run.record().uuid());
          continue;
        }
        take(run);
      } catch (IOException | RuntimeException e) {
        context.emit(run.record().name(), "unreadable", String.valueOf(e.getMessage()));
      }
    }
    return List.copyOf(lives.values());
  }

  private boolean isForeign(RunRecord record) {
    return context.hypervisor(record.name(), record.type()) instanceof ForeignHypervisor;
  }

  private void unreadable(Path file, IOException reason) {
    context.emit(file.toString(), "unreadable", String.valueOf(reason.getMessage()));
  }

  private void define(DefinitionStore.Entry entry) {
    try {
      XmlElement completed = completed(entry);
      Definition definition = Definition.of(entry.written(), completed, true);
      refuseMisplaced(entry, definition);
      lives.put(definition.uuid(), new GuestLife(context, definition, vanished));
    } catch (RuntimeException e) {
      context.emit(entry.name(), "unreadable", String.valueOf(e.getMessage()));
    }
  }

  // Somebody has copied or renamed a file by hand: what is under another name is never found again.
  private void refuseMisplaced(DefinitionStore.Entry entry, Definition definition) {
    String file = FileNames.of(definition.name());
    GuestLife other = lives.get(definition.uuid());
    if (!file.equals(entry.name()) || other != null) {
      throw new EngineException(
          EngineException.Kind.INVALID,
          "the file '"
              + entry.name()
              + ".xml' defines guest '"
              + definition.name()
              + "' ("
              + definition.uuid()
              + "), which "
              + (other == null
                  ? "belongs into '" + file + ".xml': move it there"
                  : "is that of '" + other.definition().name() + "': define it with another"));
    }
  }

  // An engine that was killed between the two files has left a text without its completed one.
  private XmlElement completed(DefinitionStore.Entry entry) {
    String file = entry.name() + ".xml";
    Optional<XmlElement> whole = entry.completed().flatMap(text -> read(file, text));
    if (whole.isPresent()) {
      return whole.get();
    }
    XmlElement tree = XmlReader.read(file, entry.written());
    Optional<XmlElement> previous = entry.previous().flatMap(text -> read(file, text));
    previous
        .flatMap(old -> old.value("uuid"))
        .ifPresent(uuid -> tree.childOrAdd("uuid").text(uuid));
    String name = tree.value("name", "");
    context.hypervisor(name, tree.attribute("type", "")).complete(file, tree, previous, false);
    try {
      context.definitions().saveCompleted(name, entry.written(), XmlWriter.write(tree));
    } catch (IOException e) {
      context.emit(name, "leftover", "its completed definition cannot be written: " + e);
    }
    return tree;
  }

  private Optional<XmlElement> read(String file, String text) {
    try {
      return Optional.of(XmlReader.read(file, text));
    } catch (XmlException damaged) {
      context.emit(file, "unreadable", "its completed definition is made anew: " + damaged);
      return Optional.empty();
    }
  }

  private void take(RunRecords.Run run) throws IOException {
    RunRecord record = run.record();
    boolean alive = record.pid() > 0 && ProcessIdentity.runs(record.pid(), record.birth());
    if (alive && record.phase() == RunRecord.Phase.STARTED && !run.live().isEmpty()) {
      adopt(run);
      return;
    }
    if (alive) {
      // nobody was told that it started
      end(record);
    }
    GuestLife known = lives.get(record.uuid());
    if (known != null) {
      known.foundDead(record);
    } else if (!run.live().isEmpty()) {
      XmlElement live = XmlReader.read(record.name(), run.live());
      new GuestLife(context, Definition.of(run.live(), live, false), vanished).foundDead(record);
    } else {
      context.runner().undo(record.steps());
      context.records().remove(record.uuid());
    }
  }

  private void adopt(RunRecords.Run run) throws IOException {
    RunRecord record = run.record();
    XmlElement live = XmlReader.read(record.name(), run.live());
    GuestLife life =
        lives.computeIfAbsent(
            record.uuid(),
            uuid -> new GuestLife(context, Definition.of(run.live(), live, false), vanished));
    ProcessHold process;
    try {
      process = ProcessHold.of(record.pid());
    } catch (IOException endedThisMoment) {
      life.foundDead(record);
      return;
    }
    life.adopt(new ActiveRun(context, record, live, process));
  }

  private static void end(RunRecord record) throws IOException {
    try (ProcessHold process = ProcessHold.of(record.pid())) {
      process.signal(Signal.KILL);
      process.ended().join();
    }
  }
}
