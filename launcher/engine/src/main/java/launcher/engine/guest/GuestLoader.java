package launcher.engine.guest;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.EngineException;
import launcher.engine.run.ProcessIdentity;
import launcher.engine.run.RunRecord;
import launcher.engine.run.RunRecords;
import launcher.engine.store.DefinitionStore;
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

  /** Everything defined, and everything that runs attached. */
  public java.util.Collection<GuestLife> load() throws IOException {
    for (DefinitionStore.Entry entry : context.definitions().load(this::unreadable)) {
      define(entry);
    }
    for (RunRecords.Run run : context.records().load(this::unreadable)) {
      context.ids().accumulateAndGet(run.record().id(), Math::max);
      take(run);
    }
    return List.copyOf(lives.values());
  }

  private void unreadable(java.nio.file.Path file, IOException reason) {
    context.emit(file.toString(), "unreadable", String.valueOf(reason.getMessage()));
  }

  private void define(DefinitionStore.Entry entry) throws IOException {
    try {
      XmlElement completed = completed(entry);
      Definition definition = Definition.of(entry.written(), completed, true);
      lives.putIfAbsent(definition.uuid(), new GuestLife(context, definition, vanished));
    } catch (XmlException | EngineException e) {
      context.emit(entry.name(), "unreadable", String.valueOf(e.getMessage()));
    }
  }

  // An engine that was killed between the two files has left a text without its completed one.
  private XmlElement completed(DefinitionStore.Entry entry) throws IOException {
    String file = entry.name() + ".xml";
    if (entry.completed().isPresent()) {
      return XmlReader.read(file, entry.completed().get());
    }
    XmlElement tree = XmlReader.read(file, entry.written());
    Optional<XmlElement> previous = entry.previous().map(text -> XmlReader.read(file, text));
    previous
        .flatMap(old -> old.value("uuid"))
        .ifPresent(uuid -> tree.childOrAdd("uuid").text(uuid));
    String name = tree.value("name", "");
    context.hypervisor(name, tree.attribute("type", "")).complete(file, tree, previous, false);
    context.definitions().saveCompleted(name, entry.written(), XmlWriter.write(tree));
    return tree;
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
    life.adopt(new ActiveRun(record, live, ProcessHold.of(record.pid())));
  }

  private static void end(RunRecord record) throws IOException {
    try (ProcessHold process = ProcessHold.of(record.pid())) {
      process.signal(Signal.KILL);
      process.ended().join();
    }
  }
}
