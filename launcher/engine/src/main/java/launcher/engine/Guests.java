package launcher.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.guest.EngineContext;
import launcher.engine.guest.GuestLife;
import launcher.engine.guest.GuestLoader;
import launcher.engine.guest.Hypervisor;
import launcher.engine.qemu.QemuRunning;
import launcher.engine.saving.PowerCutLeftovers;
import launcher.engine.saving.SaveFile;
import launcher.engine.saving.SavingRecovery;
import launcher.engine.snapshot.SnapshotActs;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;
import launcher.schemas.domain.DomainSchema;

/** The guests of an engine: defined ones, and transient ones while they run. */
public final class Guests {
  /** How long the first look at a found guest waits for it; a stopped one is shown as such. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(3);

  /** A found guest may be stopped for days and answer then. */
  private static final Duration LAST_LOOK = Duration.ofDays(365);

  /** What a closing engine waits for all that is under way. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(10);

  /** The kind of an event that QEMU has come to a point with a job; nobody else's affair. */
  static final String JOB = "job";

  private final EngineContext context;
  private final Map<String, GuestLife> byUuid = new ConcurrentHashMap<>();
  private final Object registry = new Object();
  private boolean closed;

  private final ForeignGuests foreign;

  Guests(EngineContext context) {
    this.context = context;
    foreign = new ForeignGuests(context);
  }

  /** Guests that something else keeps. */
  ForeignGuests foreign() {
    return foreign;
  }

  private void reconcile() {
    synchronized (registry) {
      foreign.reconcile(byUuid, this::vanish);
    }
  }

  EngineContext context() {
    return context;
  }

  void load() throws IOException {
    new GuestLoader(context, this::vanish).load().forEach(life -> byUuid.put(uuid(life), life));
    reconcile();
    foreign.watch(this::reconcile);
    List<Thread> looks = new ArrayList<>();
    for (GuestLife life : byUuid.values()) {
      life.run()
          .ifPresentOrElse(
              run -> looks.add(Thread.ofVirtual().start(() -> look(life, run))), () -> tidy(life));
    }
    long end = System.nanoTime() + FIRST_LOOK.toNanos();
    for (Thread look : looks) {
      try {
        // all of them together wait so long: who does not answer is looked at when it does
        look.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void recover(GuestLife life, Runnable recovery) {
    try {
      life.act("recover", recovery);
    } catch (EngineException e) {
      emit(life, "failure", String.valueOf(e.getMessage()));
    }
  }

  private void tidy(GuestLife life) {
    if (SnapshotActs.hasBegun(life)) {
      recover(life, () -> SnapshotActs.recover(life, changed -> keep(life, changed)));
    }
    try {
      PowerCutLeftovers.remove(life);
    } catch (EngineException e) {
      emit(life, "leftover", String.valueOf(e.getMessage()));
    }
  }

  private void look(GuestLife life, ActiveRun run) {
    if (run.running().settled(LAST_LOOK)) {
      if (run.record().job().isPresent()) {
        recover(life, () -> SavingRecovery.recover(life));
      }
      if (SnapshotActs.hasBegun(life)) {
        recover(life, () -> SnapshotActs.recover(life, changed -> keep(life, changed)));
      }
      settleDevices(life);
      settleJobs(life);
    }
  }

  private void settleJobs(GuestLife life) {
    if (life.run().filter(run -> !run.record().diskJobs().isEmpty()).isPresent()) {
      recover(life, () -> new GuestBlockJobs(new Guest(life, this), this).settle());
    }
  }

  private void settleDevices(GuestLife life) {
    boolean moving = life.run().filter(run -> !run.record().moves().isEmpty()).isPresent();
    if (moving && life.running().running() instanceof QemuRunning qemu) {
      recover(life, () -> new GuestHotPlug(life, qemu).settle());
    }
  }

  /** A guest lets go of a device long after it was asked to; a job on a disk takes its time. */
  void heard(GuestEvent event) {
    switch (event.kind()) {
      case "device-removed" -> answer(event, this::settleDevices);
      case JOB -> answer(event, this::settleJobs);
      default -> {
        // nothing of it is ours
      }
    }
  }

  private void answer(GuestEvent event, Consumer<GuestLife> act) {
    life(event.guest())
        .ifPresent(
            life -> Thread.ofVirtual().name("answers to events").start(() -> act.accept(life)));
  }

  private void emit(GuestLife life, String kind, String detail) {
    context
        .listener()
        .accept(new GuestEvent(Instant.now(), life.definition().name(), kind, detail));
  }

  private static String uuid(GuestLife life) {
    return life.definition().uuid();
  }

  private void vanish(GuestLife life) {
    synchronized (registry) {
      // it may have been defined since
      if (!life.definition().persistent()) {
        life.gone();
        byUuid.remove(uuid(life), life);
      }
    }
  }

  /**
   * What became of a definition.
   *
   * @param guest the guest
   * @param warnings what is odd and survived
   */
  public record Defined(Guest guest, List<XmlProblem> warnings) {
    public Defined {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Defines a guest, or defines it anew: what did not change keeps its addresses.
   *
   * @throws EngineException with every problem when the XML is refused, or when its name or UUID
   *     belongs to another guest
   */
  public Defined define(String xml, DefineOptions options) {
    XmlElement tree = read(xml, options);
    synchronized (registry) {
      Optional<GuestLife> old = existing(tree);
      old.ifPresent(life -> tree.childOrAdd("uuid").text(uuid(life)));
      List<XmlProblem> warnings =
          complete(tree, options, old.map(life -> life.definition().completed()));
      Definition definition = Definition.of(xml, tree, true);
      foreign.define(definition, old.map(GuestLife::definition));
      try {
        context.definitions().save(definition.name(), xml, XmlWriter.write(tree));
      } catch (IOException e) {
        throw new EngineException(
            Kind.FAILED,
            "guest '" + definition.name() + "' cannot be written: " + EngineException.reason(e),
            e);
      }
      GuestLife life = old.orElseGet(() -> new GuestLife(context, definition, this::vanish));
      life.redefine(definition);
      byUuid.put(definition.uuid(), life);
      emit(life, "lifecycle", old.isPresent() ? "Defined Updated" : "Defined Added");
      return new Defined(new Guest(life, this), warnings);
    }
  }

  /**
   * What a guest's definition is with another text; nothing is kept yet. A text that had problems
   * before may have them still.
   *
   * @param previous the completed definition whose devices keep their addresses
   * @throws EngineException with every problem when it is refused
   */
  Definition changed(GuestLife life, String text, XmlElement previous) {
    String file = life.definition().name() + ".xml";
    boolean strict =
        DomainSchema.check(file, XmlReader.read(file, life.definition().written())).isEmpty();
    DefineOptions options = new DefineOptions(file, strict);
    XmlElement tree = read(text, options);
    tree.childOrAdd("uuid").text(uuid(life));
    complete(tree, options, Optional.of(previous));
    return Definition.of(text, tree, true);
  }

  /** Keeps a changed definition of a guest that is held by its act. */
  void keep(GuestLife life, Definition changed) {
    synchronized (registry) {
      foreign.define(changed, Optional.of(life.definition()));
      try {
        context
            .definitions()
            .save(changed.name(), changed.written(), XmlWriter.write(changed.completed()));
      } catch (IOException e) {
        throw new EngineException(
            Kind.FAILED,
            "guest '" + changed.name() + "' cannot be written: " + EngineException.reason(e),
            e);
      }
      life.redefine(changed);
    }
    context
        .listener()
        .accept(
            new GuestEvent(
                java.time.Instant.now(), changed.name(), "lifecycle", "Defined Updated"));
  }

  /**
   * Checks a definition without keeping it.
   *
   * @return warnings
   * @throws EngineException as {@link #define}
   */
  public List<XmlProblem> check(String xml, DefineOptions options) {
    XmlElement tree = read(xml, options);
    Optional<GuestLife> old;
    synchronized (registry) {
      old = existing(tree);
    }
    return complete(tree, options, old.map(life -> life.definition().completed()));
  }

  /**
   * Starts a guest that is gone when it ends.
   *
   * @throws EngineException as {@link #define} and {@link Guest#start}
   */
  public Guest create(String xml, DefineOptions options, StartOptions start) {
    XmlElement tree = read(xml, options);
    GuestLife life;
    synchronized (registry) {
      if (existing(tree).isPresent()) {
        throw new EngineException(
            Kind.EXISTS,
            "guest '"
                + tree.value("name", "")
                + "' exists already: start it, or choose another name");
      }
      complete(tree, options, Optional.empty());
      Definition definition = Definition.of(xml, tree, false);
      foreign.refuse(definition, "cannot be transient: define it");
      life = new GuestLife(context, definition, this::vanish);
      byUuid.put(definition.uuid(), life);
    }
    Guest guest = new Guest(life, this);
    guest.start(start);
    return guest;
  }

  /**
   * Brings a guest back from a file; one that is not defined is transient.
   *
   * @throws EngineException when the file is no saved guest, or another guest has its name
   */
  public Guest restore(Path file, RestoreOptions options, Consumer<JobProgress> progress) {
    XmlElement live = read(SaveFile.read(file).xml(), new DefineOptions(file.toString(), false));
    GuestLife life;
    synchronized (registry) {
      life = existing(live).orElseGet(() -> transientGuest(live));
      byUuid.put(uuid(life), life);
    }
    Guest guest = new Guest(life, this);
    try {
      guest.restore(file, options, progress);
    } finally {
      if (life.run().isEmpty()) {
        vanish(life);
      }
    }
    return guest;
  }

  /** A file with a saved guest. */
  public SavedGuest saved(Path file) {
    return new SavedGuest(context, file);
  }

  private GuestLife transientGuest(XmlElement live) {
    Definition definition = Definition.of(XmlWriter.write(live), live, false);
    return new GuestLife(context, definition, this::vanish);
  }

  private static XmlElement read(String xml, DefineOptions options) {
    try {
      return XmlReader.read(options.file(), xml);
    } catch (XmlException e) {
      throw new EngineException(e.problems());
    }
  }

  private List<XmlProblem> complete(
      XmlElement tree, DefineOptions options, Optional<XmlElement> previous) {
    return context
        .hypervisor(tree.value("name", ""), tree.attribute("type", ""))
        .complete(options.file(), tree, previous, options.validate());
  }

  /** The guest that a document means, by its name; its UUID must not be another's. */
  private Optional<GuestLife> existing(XmlElement tree) {
    if (closed) {
      throw new EngineException(Kind.WRONG_STATE, "the engine is closed");
    }
    String name = tree.value("name", "");
    Optional<GuestLife> named = life(name);
    Optional<String> uuid = tree.value("uuid");
    Optional<GuestLife> same = uuid.map(byUuid::get);
    if (same.isPresent() && !same.equals(named)) {
      throw new EngineException(
          Kind.EXISTS,
          "UUID " + uuid.orElse("") + " is that of guest '" + same.get().definition().name() + "'");
    }
    if (named.isPresent() && uuid.isPresent() && same.isEmpty()) {
      throw new EngineException(
          Kind.EXISTS,
          "guest '"
              + name
              + "' exists already with UUID "
              + uuid(named.get())
              + ": write that one, or none");
    }
    return named;
  }

  private Optional<GuestLife> life(String name) {
    return byUuid.values().stream().filter(l -> l.definition().name().equals(name)).findFirst();
  }

  /** All guests by name. */
  public List<Guest> list() {
    List<GuestLife> lives = new ArrayList<>(byUuid.values());
    lives.sort(Comparator.comparing(life -> life.definition().name()));
    return lives.stream().map(life -> new Guest(life, this)).toList();
  }

  /** A guest by its name, its UUID, or the number of its run. */
  public Optional<Guest> find(String word) {
    return life(word)
        .or(() -> Optional.ofNullable(byUuid.get(word.toLowerCase(java.util.Locale.ROOT))))
        .or(() -> byId(word))
        .map(life -> new Guest(life, this));
  }

  private Optional<GuestLife> byId(String word) {
    return byUuid.values().stream()
        .filter(l ->
            l.run()
                .map(ActiveRun::record)
                .filter(r -> Integer.toString(r.id()).equals(word))
                .isPresent())
        .findFirst();
  }

  /**
   * A guest that must be there.
   *
   * @throws EngineException when there is none
   */
  public Guest get(String word) {
    return find(word)
        .orElseThrow(() -> new EngineException(Kind.NOT_FOUND, "there is no guest '" + word + "'"));
  }

  List<Hypervisor> hypervisors() {
    return context.hypervisors();
  }

  void rename(GuestLife life, String name) {
    synchronized (registry) {
      if (life(name).isPresent()) {
        throw new EngineException(Kind.EXISTS, "guest '" + name + "' exists already");
      }
      foreign.refuse(life.definition(), "is named by its number and cannot be renamed");
      GuestRename.rename(life, name);
    }
  }

  void undefine(GuestLife life, UndefineOptions options) {
    synchronized (registry) {
      Definition definition = life.definition();
      if (!definition.persistent()) {
        throw new EngineException(
            Kind.WRONG_STATE,
            "guest '" + definition.name() + "' has no definition: it is gone when it ends");
      }
      foreign.undefine(life);
      GuestRemoval.remove(life, options);
      if (life.run().isPresent()) {
        life.redefine(definition.persistent(false));
      }
      if (life.run().isEmpty()) {
        // it did not run, or has ended meanwhile
        life.gone();
        byUuid.remove(uuid(life), life);
      }
    }
    emit(life, "lifecycle", "Undefined Removed");
  }

  void detach() {
    foreign.unwatch();
    synchronized (registry) {
      closed = true;
    }
    long end = System.nanoTime() + UNDER_WAY.toNanos();
    for (GuestLife life : byUuid.values()) {
      life.letGo(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
  }
}
