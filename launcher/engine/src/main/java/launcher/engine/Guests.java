package launcher.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.Definition;
import launcher.engine.guest.EngineContext;
import launcher.engine.guest.GuestLife;
import launcher.engine.guest.GuestLoader;
import launcher.engine.guest.Hypervisor;
import launcher.engine.saving.SaveFile;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlException;
import launcher.schemas.XmlProblem;
import launcher.schemas.XmlReader;
import launcher.schemas.XmlWriter;
import launcher.schemas.domain.DomainSchema;

/** The guests of an engine: defined ones, and transient ones while they run. */
public final class Guests {
  /** What a closing engine waits for all that is under way. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(10);

  private final EngineContext context;
  private final ForeignGuests foreign;
  private final GuestRecovery recovery = new GuestRecovery(this);
  private final GuestRegistry registry = new GuestRegistry();

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
      foreign.reconcile(registry.byUuid(), this::vanish);
    }
  }

  EngineContext context() {
    return context;
  }

  void load() throws IOException {
    new GuestLoader(context, this::vanish).load().forEach(registry::put);
    List.copyOf(registry.all()).forEach(this::endRemoval);
    reconcile();
    foreign.watch(this::reconcile);
    recovery.found(registry.all());
  }

  /** An engine that was killed has begun to remove it. */
  private void endRemoval(GuestLife life) {
    try {
      GuestRemoval.begun(life).ifPresent(options -> undefine(life, options));
    } catch (EngineException e) {
      life.tell("failure", String.valueOf(e.getMessage()));
    }
  }

  /** What a guest says of what it was asked long ago. */
  void heard(GuestEvent event) {
    recovery.heard(event);
  }

  Optional<GuestLife> named(String name) {
    return registry.named(name);
  }

  Guest handle(GuestLife life) {
    return new Guest(life, this);
  }

  private void vanish(GuestLife life) {
    synchronized (registry) {
      // it may have been defined since, or started by another thread before it was undefined
      if (!life.definition().persistent() && life.run().isEmpty()) {
        registry.remove(life);
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
      Optional<GuestLife> old = registry.meant(tree);
      old.ifPresent(life -> tree.childOrAdd("uuid").text(life.definition().uuid()));
      List<XmlProblem> warnings =
          complete(tree, options, old.map(life -> life.definition().completed()));
      Definition definition = Definition.of(xml, tree, true);
      foreign.define(definition, old.map(GuestLife::definition));
      write(definition, tree);
      GuestLife life = old.orElseGet(() -> new GuestLife(context, definition, this::vanish));
      life.redefine(definition);
      registry.put(life);
      life.tell("lifecycle", old.isPresent() ? "Defined Updated" : "Defined Added");
      return new Defined(handle(life), warnings);
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
    tree.childOrAdd("uuid").text(life.definition().uuid());
    complete(tree, options, Optional.of(previous));
    return Definition.of(text, tree, true);
  }

  /** Keeps a changed definition of a guest that is held by its act. */
  void keep(GuestLife life, Definition changed) {
    synchronized (registry) {
      foreign.define(changed, Optional.of(life.definition()));
      write(changed, changed.completed());
      life.redefine(changed);
    }
    life.tell("lifecycle", "Defined Updated");
  }

  private void write(Definition definition, XmlElement completed) {
    String name = definition.name();
    try {
      context.definitions().save(name, definition.written(), XmlWriter.write(completed));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "guest '" + name + "' cannot be written: " + EngineException.reason(e), e);
    }
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
      old = registry.meant(tree);
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
      if (registry.meant(tree).isPresent()) {
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
      registry.put(life);
    }
    Guest guest = handle(life);
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
      life = registry.meant(live).orElseGet(() -> transientGuest(live));
      registry.put(life);
    }
    Guest guest = handle(life);
    guest.restore(file, options, progress);
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

  /** All guests by name. */
  public List<Guest> list() {
    return registry.sorted().stream().map(this::handle).toList();
  }

  /** A guest by its name, its UUID, or the number of its run. */
  public Optional<Guest> find(String word) {
    return registry.find(word).map(this::handle);
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
      if (registry.named(name).isPresent()) {
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
        registry.remove(life);
      }
    }
    life.tell("lifecycle", "Undefined Removed");
  }

  void detach() {
    foreign.unwatch();
    synchronized (registry) {
      registry.close();
    }
    long end = System.nanoTime() + UNDER_WAY.toNanos();
    for (GuestLife life : registry.all()) {
      life.letGo(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
  }
}
