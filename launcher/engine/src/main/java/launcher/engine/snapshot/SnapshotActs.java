package launcher.engine.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.GuestSnapshots.DeleteOptions;
import launcher.engine.GuestSnapshots.RevertOptions;
import launcher.engine.GuestState.Phase;
import launcher.engine.JobProgress;
import launcher.engine.Snapshot;
import launcher.engine.SnapshotRequest;
import launcher.engine.disk.TransientDisks;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.saving.SaveFile;
import launcher.engine.store.ImageTool;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlWriter;

/** Takes, lists, reverts to and deletes snapshots; the caller holds the guest by its lock. */
public final class SnapshotActs {
  private final GuestLife life;
  private final SnapshotStore store;
  private final InternalSnapshots internal;
  private final SnapshotMemory memory;
  private final ExternalSnapshots external;
  private final ExternalDeletion deletion;
  private final SnapshotImages images;
  private final Consumer<Definition> keep;

  /**
   * For a guest.
   *
   * @param keep writes a changed definition
   */
  public SnapshotActs(GuestLife life, Consumer<Definition> keep) {
    this.life = life;
    this.keep = keep;
    store = new SnapshotStore(name(), folder(life));
    ImageTool tool = QemuHypervisor.imageTool(life);
    images = new SnapshotImages(life, store, tool);
    internal = new InternalSnapshots(life, tool);
    memory = new SnapshotMemory(life);
    external = new ExternalSnapshots(life, store, images, memory, keep);
    deletion = new ExternalDeletion(life, store, images, tool, keep);
  }

  /** Does something while the guest's file systems are quiet. */
  @FunctionalInterface
  public interface Quiet {
    /** Does it. */
    void around(Runnable act);
  }

  private static Path folder(GuestLife life) {
    return life.context().folders().state().resolve("snapshots").resolve(life.definition().uuid());
  }

  private String name() {
    return life.definition().name();
  }

  /** All, by name. */
  public List<Snapshot> list() {
    return store.snapshots();
  }

  /** One that must be there. */
  public Snapshot get(String name) {
    return store.get(name).snapshot();
  }

  /** The current one. */
  public Optional<Snapshot> current() {
    return store.current().flatMap(store::find).map(SnapshotStore.Entry::snapshot);
  }

  /** Its XML. */
  public String xml(String name) {
    return XmlWriter.write(store.get(name).xml());
  }

  /** Makes one the current one. */
  public void makeCurrent(String name) {
    store.get(name);
    mark(Optional.of(name));
  }

  private void mark(Optional<String> name) {
    try {
      store.current(name);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "the current snapshot of guest '"
              + name()
              + "' cannot be written: "
              + EngineException.reason(e),
          e);
    }
  }

  /** What one would be. */
  public String plan(SnapshotRequest request) {
    return XmlWriter.write(xml(planned(request)));
  }

  private XmlElement domain() {
    return life.run().map(ActiveRun::live).orElse(life.definition().completed()).copy();
  }

  private XmlElement xml(Snapshot snapshot) {
    Optional<XmlElement> inactive =
        life.run().isPresent() && life.definition().persistent()
            ? Optional.of(life.definition().completed())
            : Optional.empty();
    return SnapshotXml.write(snapshot, domain(), inactive);
  }

  private Snapshot planned(SnapshotRequest request) {
    TransientDisks.refuse(domain(), "gets no snapshot");
    Instant now = Instant.now();
    String name =
        SnapshotTag.checked(request.name().orElseGet(() -> Long.toString(now.getEpochSecond())));
    boolean running = life.run().isPresent();
    List<Snapshot.Disk> disks = new SnapshotDisks(name(), domain()).choose(request, name, running);
    Optional<String> parent = store.current().filter(p -> store.find(p).isPresent());
    boolean memory = running && !request.diskOnly();
    return new Snapshot(
        name,
        request.description(),
        parent,
        now,
        state(request),
        memory,
        disks,
        request.memoryFile());
  }

  private String state(SnapshotRequest request) {
    if (life.run().isEmpty()) {
      return "shutoff";
    }
    return request.diskOnly()
        ? "disk-snapshot"
        : life.state().phase() == Phase.PAUSED ? "paused" : "running";
  }

  /** Takes one. */
  public Snapshot create(SnapshotRequest request, Quiet quiet, Consumer<JobProgress> progress) {
    settle();
    Snapshot wanted = planned(request);
    if (store.find(wanted.name()).isPresent()) {
      throw new EngineException(
          Kind.EXISTS, "guest '" + name() + "' has a snapshot '" + wanted.name() + "' already");
    }
    if (request.quiesce() && !request.diskOnly()) {
      throw new EngineException(
          Kind.INVALID,
          "only --disk-only needs a quiet guest: the memory holds the rest otherwise");
    }
    XmlElement xml = xml(wanted);
    String written = life.definition().persistent() ? life.definition().written() : "";
    Optional<Path> nvram = Definition.nvram(domain());
    store.begin(xml, written);
    try {
      if (wanted.external()) {
        external.take(wanted, request, quiet, progress);
      } else {
        internal.take(wanted, progress);
      }
    } catch (RuntimeException e) {
      store.end();
      throw e;
    }
    if (request.metadata()) {
      store.add(xml, written, nvram);
    } else {
      images.release(wanted);
    }
    store.end();
    return wanted;
  }

  /**
   * Remembers one as its XML says; no image is touched.
   *
   * @return its name
   */
  public String redefine(XmlElement xml, boolean current) {
    settle();
    String name = SnapshotTag.checked(xml.value("name", ""));
    XmlElement domain = xml.childOrAdd("domain");
    if (!domain.value("uuid", "").equals(life.definition().uuid())) {
      throw new EngineException(
          Kind.INVALID,
          "snapshot '"
              + name
              + "' is remembered with the <domain> that the guest was, as snapshot-dumpxml shows it;"
              + " this is of UUID '"
              + domain.value("uuid", "")
              + "'");
    }
    for (String needed : List.of("creationTime", "state")) {
      if (xml.value(needed, "").isEmpty()) {
        throw new EngineException(
            Kind.INVALID, "snapshot '" + name + "' is remembered with its <" + needed + ">");
      }
    }
    Optional<String> present = store.current();
    if (store.find(name).isPresent()) {
      store.replace(xml);
    } else {
      Definition now = life.definition();
      store.add(xml, now.persistent() ? now.written() : "", Optional.empty());
      mark(present);
    }
    if (current) {
      mark(Optional.of(name));
    }
    return name;
  }

  /** What a launcher that was killed has begun is undone, or finished where it is in use. */
  private void settle() {
    Optional<XmlElement> begun = store.begun();
    if (begun.isEmpty()) {
      return;
    }
    Snapshot half = SnapshotXml.read(begun.get());
    if (store.find(half.name()).isEmpty()) {
      if (!half.external()) {
        internal.undo(half);
      } else if (external.settle(half)) {
        store.add(begun.get(), store.begunText(), Optional.empty());
      }
    }
    store.end();
  }

  /** Whether a launcher that was killed has begun one. */
  public static boolean hasBegun(GuestLife life) {
    return new SnapshotStore(life.definition().name(), folder(life)).begun().isPresent();
  }

  /** Ends what an earlier launcher began; the caller holds the guest, which answers if it runs. */
  public static void recover(GuestLife life, Consumer<Definition> keep) {
    new SnapshotActs(life, keep).settle();
  }

  /** Makes the guest, which does not run, what it was. */
  public void revert(String name, RevertOptions options, Consumer<JobProgress> progress) {
    settle();
    SnapshotStore.Entry entry = store.get(name);
    SnapshotRevert revert = new SnapshotRevert(life, entry, options);
    revert.refuseTransient();
    boolean beside = entry.snapshot().memoryFile().isPresent();
    if (beside) {
      revert.former(); // its memory knows it by its name
    }
    if (entry.snapshot().external()) {
      external.revert(entry);
    } else {
      internal.revertImages(entry);
      keep.accept(revert.former());
    }
    revert.variables();
    mark(Optional.of(name));
    images.sweep();
    if (beside) {
      memory.bringBack(store.get(name), options, progress);
    } else {
      internal.bringBack(entry, options, progress);
    }
  }

  /**
   * Refuses to revert to what is not there, before anything is ended for it.
   *
   * @throws EngineException when there is no such snapshot, or its memory has been removed
   */
  public void refuseMissing(String name) {
    get(name).memoryFile().ifPresent(SaveFile::read);
  }

  /** Deletes one, or those after it. */
  public void delete(String name, DeleteOptions options, Consumer<JobProgress> progress) {
    settle();
    Snapshot wanted = get(name);
    List<Snapshot> order = new ArrayList<>();
    if (options.children() || options.childrenOnly()) {
      descendants(wanted, order);
    }
    if (!options.childrenOnly()) {
      order.add(wanted);
    }
    for (Snapshot one : order) {
      if (options.metadataOnly()) {
        images.release(one);
      } else {
        if (one.external()) {
          deletion.delete(store.get(one.name()), progress);
          memory.remove(one);
        } else {
          internal.delete(one, progress);
        }
      }
      store.remove(get(one.name()));
    }
    images.sweep();
  }

  // the youngest first
  private void descendants(Snapshot root, List<Snapshot> into) {
    for (Snapshot one : list()) {
      if (one.parent().filter(root.name()::equals).isPresent()) {
        descendants(one, into);
        into.add(one);
      }
    }
  }

  /** Whether there is any. */
  public static int count(GuestLife life) {
    return new SnapshotStore(life.definition().name(), folder(life)).count();
  }

  /** Forgets all, and touches no image. */
  public static void forgetAll(GuestLife life) {
    new SnapshotStore(life.definition().name(), folder(life)).removeAll();
  }
}
