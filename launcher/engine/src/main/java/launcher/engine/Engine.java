package launcher.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.drivers.plan.HostFacts;
import launcher.engine.bus.SystemBus;
import launcher.engine.guest.EngineContext;
import launcher.engine.guest.Hypervisor;
import launcher.engine.guest.SystemdScopes;
import launcher.engine.host.HostFactsReader;
import launcher.engine.lxc.ContainerHypervisor;
import launcher.engine.network.NetworkFolders;
import launcher.engine.network.NetworkInfo;
import launcher.engine.network.Networks;
import launcher.engine.openvz.OpenVzHypervisor;
import launcher.engine.openvz.OpenVzTools;
import launcher.engine.qemu.QemuHypervisor;
import launcher.engine.run.RunRecords;
import launcher.engine.secret.SecretStore;
import launcher.engine.store.AtomicFile;
import launcher.engine.store.DefinitionStore;
import launcher.schemas.network.Network;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import org.jspecify.annotations.Nullable;

/**
 * Guests of one set of folders. Opening finds what is defined and attaches to what runs; closing
 * lets go and leaves every guest as it is. All methods may be called by any thread.
 */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger("launcher.engine");

  private final Folders folders;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final HostFacts facts;
  private final Spawner spawner;
  private final SecretStore secrets;
  private final Guests guests;
  private final SystemBus bus = SystemBus.of(System.getenv());
  private @Nullable Networks networks;
  private final List<Consumer<GuestEvent>> listeners = new CopyOnWriteArrayList<>();
  private final List<GuestEvent> found = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean opened;

  private Engine(
      Folders folders,
      Spawner spawner,
      HypervisorMaker maker,
      FileChannel lockFile,
      FileLock lock) {
    this.folders = folders;
    this.lockFile = lockFile;
    this.lock = lock;
    this.spawner = spawner;
    facts = HostFactsReader.read();
    secrets =
        new SecretStore(
            folders.configuration().resolve("secrets"), folders.runtime().resolve("secrets"));
    guests =
        new Guests(
            context(
                spawner, maker.make(folders, facts, spawner, name -> networks().forGuest(name))));
  }

  /** Makes what runs guests; tests make their own. */
  @FunctionalInterface
  interface HypervisorMaker {
    List<Hypervisor> make(
        Folders folders, HostFacts facts, Spawner spawner, Function<String, Network> networks);

    /** What there is. */
    static List<Hypervisor> all(
        Folders folders, HostFacts facts, Spawner spawner, Function<String, Network> networks) {
      return List.of(
          new QemuHypervisor(folders, facts, spawner, networks),
          new ContainerHypervisor(folders, facts, spawner, networks),
          new OpenVzHypervisor(folders, facts, OpenVzTools.ofHost(spawner)));
    }
  }

  private EngineContext context(Spawner spawner, List<Hypervisor> hypervisors) {
    return new EngineContext(
        folders,
        spawner,
        new DefinitionStore(folders.guests()),
        runRecords(folders),
        secrets,
        hypervisors,
        new SystemdScopes(bus, facts.privileged()),
        new AtomicInteger(),
        this::emit);
  }

  private static RunRecords runRecords(Folders folders) {
    return new RunRecords(folders.runtime().resolve("runs"));
  }

  /**
   * Opens the engine of these folders.
   *
   * @throws EngineException when another engine serves them, or they cannot be read
   * @throws launcher.spawn.SpawnException when the executor is not installed
   */
  public static Engine open(Folders folders) {
    return open(folders, new RealSpawner());
  }

  /** Opens with a given door to processes. */
  public static Engine open(Folders folders, Spawner spawner) {
    return open(folders, spawner, HypervisorMaker::all);
  }

  static Engine open(Folders folders, Spawner spawner, HypervisorMaker hypervisors) {
    try {
      AtomicFile.folder(folders.runtime(), 0755);
      FileChannel file =
          FileChannel.open(
              folders.runtime().resolve("engine.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock lock = lock(file, folders.runtime());
      try {
        sweep(folders);
        Engine engine = new Engine(folders, spawner, hypervisors, file, lock);
        engine.startNetworks();
        engine.guests.load();
        engine.opened = true;
        return engine;
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "the engine of '"
              + folders.runtime()
              + "' cannot be opened: "
              + EngineException.reason(e),
          e);
    }
  }

  /** Definitions and runs are swept where they are read; these folders are read file by file. */
  private static void sweep(Folders folders) throws IOException {
    List<Path> written =
        List.of(
            folders.state().resolve("saved/heads"),
            folders.configuration().resolve("secrets"),
            folders.runtime().resolve("secrets"),
            folders.runtime().resolve("screens"));
    for (Path folder : written) {
      AtomicFile.sweep(folder);
    }
  }

  private static FileLock lock(FileChannel file, Path runtime) throws IOException {
    FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException thisVeryProcess) {
      // refused below, as for any other process
    }
    if (lock == null) {
      file.close();
      throw new EngineException(
          EngineException.Kind.WRONG_STATE,
          "another engine serves '" + runtime + "': talk to its daemon, or choose another root");
    }
    return lock;
  }

  /**
   * Makes the first act as quick as the ones after it; for a thread that has nothing better to do.
   * An engine that has never defined a guest is left as it is.
   */
  public void warmUp() {
    WarmUp warmUp = new WarmUp(guests.context());
    if (warmUp.worthwhile()) {
      warmUp.run();
    }
  }

  /** Where everything lies. */
  public Folders folders() {
    return folders;
  }

  /** The guests. */
  public Guests guests() {
    return guests;
  }

  /** The secrets of guests. */
  public SecretStore secrets() {
    return secrets;
  }

  /**
   * The networks, opened when first asked for.
   *
   * @throws EngineException for a plain user, who may not make bridges
   */
  public synchronized Networks networks() {
    if (!facts.privileged()) {
      throw new EngineException(
          EngineException.Kind.WRONG_STATE,
          "networks need root: ask the system's daemon, or give the guest an <interface type='user'>");
    }
    if (networks == null) {
      networks = Networks.open(NetworkFolders.of(folders), spawner, bus);
    }
    return networks;
  }

  /** Whether a network runs, whose dnsmasq somebody has to look after. */
  public synchronized boolean hasActiveNetworks() {
    return networks != null && networks.list().stream().anyMatch(NetworkInfo::active);
  }

  /**
   * Takes over what runs and starts what starts with the host; where there is none, costs nothing.
   */
  private void startNetworks() {
    if (facts.privileged() && NetworkFolders.of(folders).inUse()) {
      networks().startAutomatic();
    }
  }

  private synchronized void closeNetworks() {
    if (networks != null) {
      networks.close();
      networks = null;
    }
  }

  /** The system's message bus; not connected before it is asked something. */
  public SystemBus bus() {
    return bus;
  }

  /** What the host is. */
  public HostFacts facts() {
    return facts;
  }

  /** What the host and its emulators can do. */
  public Host host() {
    return new Host(facts, guests.hypervisors());
  }

  /** The devices of the host. */
  public NodeDevices nodeDevices() {
    return new NodeDevices(guests.context().folders().devices(), guests.context().spawner());
  }

  /**
   * Tells of everything that happens from now on; on a thread of the guest concerned, which waits.
   *
   * @return what ends it
   */
  public AutoCloseable listen(Consumer<GuestEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** What was met while this engine opened: guests that had ended, files that were damaged. */
  public List<GuestEvent> found() {
    return List.copyOf(found);
  }

  /**
   * Starts the guests that start with the host and do not run, in the order of their policies and
   * several at once where that leaves it open; a saved one comes back.
   *
   * @param between two starts, for guests that say nothing of their own
   * @param enough asked before guests that have to wait for others: true when the host goes down
   * @return what became of each that did not start, in words
   */
  public List<String> startAutomatic(Duration between, BooleanSupplier enough) {
    return AutomaticStart.of(guests, between, enough);
  }

  private void emit(GuestEvent event) {
    if (opened) {
      guests.heard(event);
    } else {
      found.add(event);
    }
    if (event.kind().equals(GuestRecovery.JOB)) {
      return; // what becomes of it is told when its end has been seen to
    }
    for (Consumer<GuestEvent> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        // who listens badly keeps no guest from its life and no other from hearing of it
        LOG.log(Level.WARNING, "a listener failed at " + event + ", ignoring", e);
      }
    }
  }

  /** Lets go of everything and leaves the guests as they are. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    guests.detach();
    closeNetworks();
    bus.close();
    try {
      if (lock.isValid()) {
        lock.release();
      }
      lockFile.close();
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "the lock cannot be released: " + EngineException.reason(e),
          e);
    }
  }
}
