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
import java.util.function.Consumer;
import java.util.function.Function;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.LinkStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.capabilities.QemuCapabilities;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.CommandPipeline;
import launcher.drivers.qemu.command.Guest;
import launcher.drivers.qemu.command.QemuCommand;
import launcher.drivers.qemu.draft.Draft;
import launcher.drivers.qemu.draft.DraftPipeline;
import launcher.drivers.qemu.helper.Helpers;
import launcher.drivers.qemu.host.HostProfile;
import launcher.drivers.qemu.host.QemuHost;
import launcher.drivers.qemu.host.StoragePools;
import launcher.drivers.qemu.machine.Machine;
import launcher.drivers.qemu.start.QemuDriver;
import launcher.drivers.qemu.start.QemuStart;
import launcher.engine.EngineException;
import launcher.engine.Folders;
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
import launcher.engine.run.RunRecord;
import launcher.engine.run.Workspace;
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
    Draft draft = new Draft(file, tree, host(tree, folders.state().resolve("qemu")));
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
    LiveInterfaces.fill(live, networks);
    new UsbDevices().fill(live, options.incoming());
    displays.fill(live);
    QemuHost host = host(live, grants.runFolder());
    Draft draft = new Draft(live.value("name", ""), live, host);
    DraftPipeline.prepare(draft);
    refuse(draft.problems());
    Guest guest = new Guest(Domain.of(live), live, draft.machine(), host);
    QemuStart start =
        new QemuStart(
            live,
            CommandPipeline.write(guest),
            Helpers.of(guest, facts, grants),
            options.paused(),
            options.incoming());
    Plan plan = new QemuDriver().plan(start, facts, grants);
    return isolation.confine(
        new Launch(live, plan, Optional.of(grants.run(QemuDriver.MONITOR))), grants);
  }

  /** The one that runs a guest; empty when something else does. */
  public static Optional<QemuHypervisor> of(GuestLife life) {
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

  /** Leases, owners and labels of a running guest's disks. */
  public LiveFiles files(GuestLife life, QemuMonitor monitor) {
    ActiveRun run = life.running();
    KeptDescriptors holder =
        new KeptDescriptors(life.definition().name(), run.record().pid(), monitor);
    return isolation.live(run::live, holder, run.steps());
  }

  /**
   * Adds a device to a running guest.
   *
   * @param live its live definition with the device as its last one; completed in place
   * @param ready called when the device is completed, before anything is done
   * @param held told of each step that lasts as long as the guest, before it is taken
   * @throws EngineException when it does not fit, or QEMU refuses
   */
  public void plug(
      String file,
      XmlElement live,
      XmlElement device,
      Path runFolder,
      HotPlug plug,
      Runnable ready,
      Consumer<Step> held) {
    LivePaths.withoutPreparedBoot(live);
    LiveNames names = LiveNames.of(live);
    complete(file, live, Optional.empty(), true);
    names.giveBack();
    if (device.name().equals("interface")) {
      LiveInterfaces.fillOne(device, networks);
    }
    QemuHost host = host(live, runFolder);
    Draft draft = new Draft(file, live, host);
    DraftPipeline.prepare(draft);
    refuse(draft.problems());
    CommandLine line = command(live, draft, host).line();
    List<LinkStep> steps = QemuDriver.links(device, line.descriptors());
    ready.run();
    try (PassedDescriptors descriptors = new PassedDescriptors(line.descriptors(), spawner)) {
      for (LinkStep link : steps) {
        held.accept(link);
        descriptors.open(live.value("name", ""), link);
      }
      plug.plug(LiveCommand.of(line, device), descriptors);
    } catch (RuntimeException e) {
      steps.forEach(link -> PassedDescriptors.remove(link, spawner));
      throw e;
    }
  }

  /**
   * The block nodes of a disk's uppermost image, as they would be at a start.
   *
   * @param live a live definition, changed in place
   */
  public LiveCommand images(XmlElement live, XmlElement disk, Path runFolder) {
    QemuHost host = host(live, runFolder);
    Draft draft = new Draft(live.value("name", ""), live, host);
    return LiveCommand.of(command(live, draft, host).line(), disk).images();
  }

  /**
   * Takes back what a device needed that a running guest has let go of, or never got; the caller
   * removes it from the live definition.
   */
  public void removeRest(XmlElement live, XmlElement device, Path runFolder, HotPlug plug) {
    QemuHost host = host(live, runFolder);
    Draft draft = new Draft(live.value("name", ""), live, host);
    CommandLine line = command(live, draft, host).line();
    plug.removeRest(LiveCommand.of(line, device), line.descriptors());
    QemuDriver.links(device, line.descriptors())
        .forEach(link -> PassedDescriptors.remove(link, spawner));
  }

  private static QemuCommand command(XmlElement live, Draft draft, QemuHost host) {
    return CommandPipeline.write(new Guest(Domain.of(live), live, draft.machine(), host));
  }

  @Override
  public Running attach(
      RunRecord record, XmlElement live, Optional<Workspace> workspace, RunListener listener) {
    EventRelay events = workspace.map(Workspace::events).orElseGet(EventRelay::new);
    Optional<QmpClient> client = workspace.flatMap(Workspace::monitor);
    QemuMonitor monitor =
        client
            .map(connected -> QemuMonitor.connected(record.name(), connected))
            .orElseGet(
                () -> QemuMonitor.found(record.name(), record.monitor().orElseThrow(), events));
    return new QemuRunning(record, monitor, LifecyclePolicy.of(live), events, listener);
  }

  private QemuHost host(XmlElement domain, Path guestFolder) {
    String guests = guestFolder.toString();
    return new QemuHost(
        capabilities.of(binary(domain)),
        facts.architecture(),
        firmware(),
        settings(domain),
        hugepages(),
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
    FileServers.find().ifPresent(program -> settings.put("virtiofsd", program.toString()));
    return new QemuHost.Settings(settings);
  }

  /** The firmware that is installed. */
  public List<launcher.drivers.qemu.host.FirmwareDescriptor> firmwareDescriptors() {
    return firmware();
  }

  private static List<launcher.drivers.qemu.host.FirmwareDescriptor> firmware() {
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

  private static List<QemuHost.HugepageMount> hugepages() {
    try {
      List<QemuHost.HugepageMount> mounts = new ArrayList<>();
      for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
        String[] fields = line.split(" ");
        if (fields[2].equals("hugetlbfs")) {
          mounts.add(new QemuHost.HugepageMount(pageSize(fields[3]), fields[1]));
        }
      }
      return mounts;
    } catch (IOException e) {
      throw new UncheckedIOException("/proc/mounts cannot be read", e);
    }
  }

  private static long pageSize(String options) {
    for (String option : options.split(",")) {
      if (option.startsWith("pagesize=")) {
        String size = option.substring("pagesize=".length());
        long number = Long.parseLong(size.substring(0, size.length() - 1));
        return size.endsWith("G") ? number << 20 : number << 10;
      }
    }
    return 2048;
  }

  private static Optional<String> renderNode() {
    String node = "/dev/dri/renderD128";
    return Files.exists(Path.of(node)) ? Optional.of(node) : Optional.empty();
  }
}
