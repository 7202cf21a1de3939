package launcher.engine.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.block.TransientOverlays;
import launcher.drivers.qemu.capabilities.Machine;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.helper.Helpers;
import launcher.drivers.qemu.host.DescribedNetworks;
import launcher.drivers.qemu.host.FirmwareDescriptor;
import launcher.drivers.qemu.host.HostProfile;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.host.StoragePools;
import launcher.drivers.qemu.pipeline.CommandPipeline;
import launcher.drivers.qemu.pipeline.DraftPipeline;
import launcher.drivers.qemu.start.QemuDriver;
import launcher.drivers.qemu.start.QemuStart;
import launcher.engine.EngineException;
import launcher.engine.Folders;
import launcher.engine.device.FunctionPool;
import launcher.engine.device.ScsiDevices;
import launcher.engine.device.UsbDevices;
import launcher.engine.guest.ActiveRun;
import launcher.engine.guest.Definition;
import launcher.engine.guest.GuestLife;
import launcher.engine.guest.Hypervisor;
import launcher.engine.guest.Launch;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.guest.RunListener;
import launcher.engine.guest.Running;
import launcher.engine.isolation.Isolation;
import launcher.engine.isolation.IsolationSettings;
import launcher.engine.isolation.LiveFiles;
import launcher.engine.isolation.RunningLives;
import launcher.engine.network.LiveInterfaces;
import launcher.engine.qmp.EventRelay;
import launcher.engine.qmp.QmpClient;
import launcher.engine.run.ProcessIdentity;
import launcher.engine.run.RunRecord;
import launcher.engine.run.Workspace;
import launcher.engine.store.FileNames;
import launcher.engine.store.ImageTool;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.domain.Domain;
import launcher.schemas.domain.DomainSchema;
import launcher.schemas.network.Network;
import launcher.spawn.Spawner;

/** Runs guests of the types {@code kvm} and {@code qemu}. */
public final class QemuHypervisor implements Hypervisor {
  private final Folders folders;
  private final HostFacts facts;
  private final CapabilityCache capabilities;
  private final Function<String, Network> networks;
  private final LiveDisplays displays = new LiveDisplays();
  private final Isolation isolation;
  private final Spawner spawner;
  private final SecureRandom random = new SecureRandom();

  /**
   * For a host.
   *
   * @param networks the running network of a name
   */
  public QemuHypervisor(
      Folders folders, HostFacts facts, Spawner spawner, Function<String, Network> networks) {
    this.folders = folders;
    this.facts = facts;
    this.networks = networks;
    this.spawner = spawner;
    capabilities = new CapabilityCache(folders.cache().resolve("qemu"), spawner);
    isolation =
        new Isolation(
            IsolationSettings.read(
                folders.configuration(), folders.state(), folders.equals(Folders.system())),
            facts,
            folders.runtime().resolve("leases"),
            spawner,
            List.of(folders.guests().resolve("completed"), folders.runtime().resolve("runs")),
            () -> RunningLives.read(folders.runtime().resolve("runs")));
  }

  @Override
  public boolean drives(String domainType) {
    return domainType.equals("qemu") || domainType.equals("kvm");
  }

  /**
   * What a binary can do.
   *
   * @throws EngineException when it cannot be asked
   */
  public QemuCapabilities capabilities(Path binary) {
    return capabilities.of(binary);
  }

  /** The binary that runs a domain unless it names one. */
  public Path binary(XmlElement domain) {
    String arch = domain.value("os/type/@arch", facts.architecture());
    String emulator = new Machine(arch, "").emulator();
    return Path.of(domain.value("devices/emulator", "/usr/bin/" + emulator));
  }

  @Override
  public List<XmlProblem> complete(
      String file, XmlElement tree, Optional<XmlElement> previous, boolean validate) {
    List<XmlProblem> problems = new ArrayList<>();
    for (XmlProblem problem : DomainSchema.check(file, tree)) {
      problems.add(validate ? problem : problem.asWarning());
    }
    refuse(problems);
    previous.ifPresent(old -> Redefinition.keep(tree, old));
    Draft draft = new Draft(file, tree, host(tree, folders.state().resolve("qemu"), firmware()));
    DraftPipeline.complete(draft);
    problems.addAll(draft.problems());
    refuse(problems);
    return problems;
  }

  private static void refuse(List<XmlProblem> problems) {
    if (problems.stream().anyMatch(XmlProblem::refuses)) {
      throw new EngineException(problems);
    }
  }

  @Override
  public Launch launch(XmlElement completed, Grants grants, LaunchOptions options) {
    XmlElement live = completed.copy();
    LivePaths.fill(live, grants);
    LiveInterfaces.fill(live, networks, functions());
    new UsbDevices().fill(live, options.incoming());
    TransientOverlays.fill(live);
    displays.fill(live);
    Guest guest = prepared(live.value("name", ""), live, grants.runFolder());
    QemuStart start =
        new QemuStart(
            live,
            CommandPipeline.write(guest),
            Helpers.of(guest, facts, grants),
            options.paused(),
            options.incoming());
    Plan plan = new QemuDriver().plan(start, facts, grants);
    return new Launch(
        live, isolation.confine(live, plan, grants), Optional.of(grants.run(QemuDriver.MONITOR)));
  }

  /**
   * What the command is written from.
   *
   * @param file name for problems
   * @param live prepared in place
   * @throws EngineException with what this host cannot do of it
   */
  Guest prepared(String file, XmlElement live, Path runFolder) {
    QemuHost host = host(live, runFolder, List.of());
    Draft draft = new Draft(file, live, host);
    DraftPipeline.prepare(draft);
    refuse(draft.problems());
    return new Guest(Domain.of(live), live, draft.machine(), host);
  }

  /** The same of one that runs, and was prepared when it started. */
  Guest running(XmlElement live, Path runFolder) {
    QemuHost host = host(live, runFolder, List.of());
    Draft draft = new Draft(live.value("name", ""), live, host);
    return new Guest(Domain.of(live), live, draft.machine(), host);
  }

  /** The running network of a name. */
  Function<String, Network> networks() {
    return networks;
  }

  /** What finds a free device of a network that hands devices out. */
  Function<Network, String> functions() {
    return new FunctionPool(folders.devices())::free;
  }

  /** Whether a guest reaches only the files that its start allows. */
  boolean confinesFiles(XmlElement live) {
    return isolation.confinesFiles(live);
  }

  /** The programs beside a guest that runs. */
  List<HelperStep.Run> helpers(Guest guest, Path runFolder) {
    Path log = folders.logs().resolve(FileNames.of(guest.domain().name()) + ".log");
    List<HelperStep.Run> helpers = new ArrayList<>();
    for (Step step : Helpers.of(guest, facts, new Grants(1, runFolder, runFolder, log, Map.of()))) {
      if (step instanceof HelperStep.Run helper) {
        helpers.add(isolation.owned(guest.tree(), helper));
      }
    }
    return helpers;
  }

  /** The door to processes. */
  Spawner spawner() {
    return spawner;
  }

  /** The one that runs a guest; empty when something else does. */
  private static Optional<QemuHypervisor> of(GuestLife life) {
    Definition definition = life.definition();
    return life.context().hypervisor(definition.name(), definition.type())
            instanceof QemuHypervisor found
        ? Optional.of(found)
        : Optional.empty();
  }

  /**
   * Gives a running guest a file that it is handed open, while it is used. Only this hypervisor's
   * guests are confined.
   *
   * @see LiveFiles#lending
   */
  public static void lending(GuestLife life, QemuMonitor monitor, Path file, LiveFiles.Use use)
      throws IOException {
    Optional<QemuHypervisor> confining = of(life);
    if (confining.isPresent()) {
      confining.get().files(life, monitor).lending(file, use);
    } else {
      use.run();
    }
  }

  /** What works on the images of a guest, whose headers the guest may have changed. */
  public static ImageTool imageTool(GuestLife life) {
    Spawner spawner = life.context().spawner();
    return of(life)
        .map(found ->
            new ImageTool(
                spawner,
                (image, format, known) ->
                    found.isolation.below(life.definition().completed(), image, format, known)))
        .orElseGet(() -> new ImageTool(spawner));
  }

  /** Leases, owners and labels of a running guest's disks. */
  public LiveFiles files(GuestLife life, QemuMonitor monitor) {
    ActiveRun run = life.running();
    return files(life.definition().name(), run, monitor);
  }

  private LiveFiles files(String name, ActiveRun run, QemuMonitor monitor) {
    KeptDescriptors holder = new KeptDescriptors(name, run.record().pid(), monitor);
    return isolation.live(run::live, holder, run.steps());
  }

  @Override
  public Running attach(
      RunRecord record, XmlElement live, Optional<Workspace> workspace, RunListener listener) {
    EventRelay events = workspace.map(Workspace::events).orElseGet(EventRelay::new);
    Optional<QmpClient> client = workspace.flatMap(Workspace::monitor);
    MonitorLine line =
        new MonitorLine(
            record.name(),
            record.monitor().orElseThrow(),
            events,
            () -> ProcessIdentity.runs(record.pid(), record.birth()));
    client.ifPresentOrElse(line::use, line::find);
    QemuMonitor monitor = new QemuMonitor(record.name(), line);
    return new QemuRunning(
        record,
        monitor,
        LifecyclePolicy.of(live),
        events,
        listener,
        (file, use) -> files(record.name(), listener.run(), monitor).lending(file, use),
        isolation.isWithoutTcp(live, record.pid()));
  }

  /**
   * This host, for one guest.
   *
   * @param firmware to choose from; none for a start: its firmware was chosen when it was defined
   */
  private QemuHost host(XmlElement domain, Path guestFolder, List<FirmwareDescriptor> firmware) {
    String guests = guestFolder.toString();
    return new QemuHost(
        capabilities.of(binary(domain)),
        facts.architecture(),
        firmware,
        settings(domain),
        Hugepages.mounted(),
        new QemuHost.StateFolders(
            guests,
            folders.state().resolve("nvram").toString(),
            guests,
            folders.logs().toString(),
            true),
        renderNode(),
        true,
        Instant.now().getEpochSecond(),
        pools(),
        DescribedNetworks.NONE,
        count -> {
          byte[] bytes = new byte[count];
          random.nextBytes(bytes);
          return bytes;
        });
  }

  // Without the kernel's own mover of frames, QEMU moves them. SPICE lets nobody in who has no
  // password, unless it is told that none is needed.
  private static QemuHost.Settings settings(XmlElement domain) {
    Map<String, String> settings =
        new HashMap<>(Map.of("spiceWithoutTicket", "1", "everyLifecycle", "1"));
    if (!Files.exists(Path.of(QemuDriver.VHOST_NET))) {
      settings.put("vhostNet", "off");
    }
    settings.putAll(new ScsiDevices().settings(domain));
    if (domain.at("devices").filter(devices -> devices.hasChild("filesystem")).isPresent()) {
      FileServers.find().ifPresent(program -> settings.put("virtiofsd", program.toString()));
    }
    return new QemuHost.Settings(settings);
  }

  /** The firmware that is installed. */
  public static List<FirmwareDescriptor> firmware() {
    try {
      return HostProfile.firmware(Path.of("/"));
    } catch (IOException e) {
      throw new UncheckedIOException("the firmware descriptors cannot be read", e);
    }
  }

  private StoragePools pools() {
    try {
      return StoragePools.read(folders.configuration().resolve("pools"));
    } catch (IOException e) {
      throw new UncheckedIOException("the storage pools cannot be read: " + e.getMessage(), e);
    }
  }

  private static Optional<String> renderNode() {
    String node = "/dev/dri/renderD128";
    return Files.exists(Path.of(node)) ? Optional.of(node) : Optional.empty();
  }
}
