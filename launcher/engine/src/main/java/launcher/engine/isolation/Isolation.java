package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.ImageStep;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.MonitorStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.hostdev.HostDevicePlan;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.device.HostDeviceNodes;
import launcher.engine.group.MachineLimits;
import launcher.engine.lease.DiskLease;
import launcher.engine.lease.LeaseHolder;
import launcher.engine.lease.LeaseSteps;
import launcher.engine.lease.LockManager;
import launcher.engine.lease.NoLockManager;
import launcher.engine.lease.OfdLockManager;
import launcher.engine.lease.SanlockLockManager;
import launcher.schemas.XmlElement;
import launcher.spawn.CapabilitySets;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.Confinement;
import launcher.spawn.Descriptor;
import launcher.spawn.ExecLabel;
import launcher.spawn.Identity;
import launcher.spawn.LandlockRule;
import launcher.spawn.LeaseFile;
import launcher.spawn.Spawner;
import launcher.spawn.StandardOutput;
import launcher.spawn.libc.Calls;

/**
 * Adds to a guest's plan what keeps it apart: leases, owner, labels, Landlock, and no privilege.
 */
public final class Isolation {
  private static final int FIRST_WITH_TCP = 4;
  private static final Path PROCESSES = Path.of("/proc");

  private final IsolationSettings settings;
  private final HostFacts facts;
  private final SelinuxHost selinux;
  private final LockManager locks;
  private final Path leaseFolder;
  private final Supplier<List<XmlElement>> running;
  private final OtherGuests others;
  private final RandomGenerator random = new SecureRandom();

  /**
   * For one engine.
   *
   * @param leaseFolder where lease files lie
   * @param spawner for sanlock's own program
   * @param definitions folders of what is defined and of what runs
   * @param running live definitions of the guests that run, of whichever engine started them
   * @throws EngineException when SELinux is on and its configuration cannot be read
   */
  public Isolation(
      IsolationSettings settings,
      HostFacts facts,
      Path leaseFolder,
      Spawner spawner,
      List<Path> definitions,
      Supplier<List<XmlElement>> running) {
    this.settings = settings;
    this.facts = facts;
    this.leaseFolder = leaseFolder;
    this.running = running;
    others = new OtherGuests(definitions);
    locks = locks(settings, leaseFolder, spawner);
    try {
      selinux = SelinuxHost.read(Path.of("/"));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "SELinux is on and its configuration cannot be read: " + EngineException.reason(e),
          e);
    }
  }

  private static LockManager locks(IsolationSettings settings, Path leaseFolder, Spawner spawner) {
    OfdLockManager local = new OfdLockManager(leaseFolder);
    return switch (settings.leases()) {
      case "none" -> new NoLockManager();
      case "sanlock" ->
          new SanlockLockManager(local, settings.sanlock().orElseThrow(), new LeaseSteps(spawner));
      default -> local;
    };
  }

  /**
   * The plan of a guest, confined.
   *
   * @param live the definition as it will run
   * @throws EngineException when a disk cannot be looked at
   */
  public Plan confine(XmlElement live, Plan plan, Grants grants) {
    String uuid = live.value("uuid", "");
    List<Step> prepare = new ArrayList<>();
    prepare.add(new FileStep.MakeDirectory(leaseFolder, 0700, true));
    prepare.addAll(checks(live, uuid));
    List<HostFile> files = GuestFiles.of(live, live, others);
    List<Path> nodes = new HostDeviceNodes().of(HostDevicePlan.devices(live));
    List<HostFile> owned = withNodes(files, nodes);
    for (Path made : made(plan)) {
      if (owned.stream().noneMatch(file -> file.path().equals(made))) {
        owned.add(new HostFile(made, HostFile.Use.IMAGE));
      }
    }
    Optional<Identity> identity = identity(live);
    Optional<SelinuxLabels> labels = labels(live);
    locks.check(live);
    Plan labelled =
        labels.map(chosen -> new HelperLabels(chosen, selinux, uuid).label(plan)).orElse(plan);
    Plan held = locks.hold(labelled, locks.leases(live), live.value("name", ""));
    List<Step> given = new ArrayList<>();
    identity.ifPresent(who -> {
      for (Path folder : List.of(grants.runFolder(), grants.stateFolder())) {
        prepare.add(new IsolationStep.OwnFile(folder, who.uid(), who.gid(), uuid));
      }
      given.addAll(owners(live, owned, who, uuid));
    });
    labels.ifPresent(chosen -> {
      chosen
          .process()
          .filter(label -> live.children("seclabel").stream().anyMatch(GivenCategories::isDynamic))
          .ifPresent(label ->
              given.add(
                  new IsolationStep.VerifyLabel(
                      PROCESSES, label, uuid, HelperOwners.pidFiles(plan))));
      prepare.addAll(new HelperLabels(chosen, selinux, uuid).steps(plan, grants));
      given.addAll(leaseLabels(held.command().leases(), chosen, uuid));
      given.addAll(logLabels(held.command(), chosen, uuid));
      given.addAll(labelled(owned, chosen, uuid));
    });
    List<LandlockRule> rules = LandlockRules.of(live, files, nodes, held.command(), grants);
    CommandBuilder command = held.command().toBuilder();
    command.confinement(confinement(live, rules, held.command(), identity, labels));
    if (facts.privileged()) {
      DeviceLimits devices = DeviceLimits.of(rules, nodes, uuid);
      devices.group().ifPresent(command::cgroup);
      prepare.addAll(devices.prepare());
      devices.held().ifPresent(given::add);
    }
    MachineLimits.step(live).ifPresent(given::add);
    // files change hands only once the leases are had
    Plan whole = verifying(held, live).with(command.build());
    return HelperOwners.after(
            confinesFiles(live) ? HelperRules.confine(whole) : whole, prepare, identity, uuid)
        .holding(given);
  }

  /** Device files are the guest's as its own files are, there already or not. */
  private static List<HostFile> withNodes(List<HostFile> files, List<Path> nodes) {
    List<HostFile> all = new ArrayList<>(files);
    nodes.forEach(node -> all.add(new HostFile(node, HostFile.Use.CHANNEL)));
    return all;
  }

  /** Files of the guest's own that the plan makes: they are not there yet to be found. */
  private static List<Path> made(Plan plan) {
    List<Path> made = new ArrayList<>();
    for (Step step : plan.prepare()) {
      if (step instanceof ImageStep.MakeOverlay overlay) {
        made.add(real(overlay.path()));
      } else if (step instanceof FileStep.CopyMissing copy) {
        made.add(real(copy.path()));
      }
    }
    return made;
  }

  /**
   * The kernel closes at execve what the new label may not use, and the lease would be gone: the
   * files of leases are the guest's too.
   */
  private static List<Step> leaseLabels(List<LeaseFile> leases, SelinuxLabels labels, String uuid) {
    List<Step> steps = new ArrayList<>();
    for (LeaseFile lease : leases) {
      ownLabel(lease.path(), lease.shared(), labels, uuid).ifPresent(steps::add);
    }
    return steps;
  }

  /** So are its logs, which are opened for it: without them nobody would learn why it ended. */
  private static List<Step> logLabels(CommandSpec command, SelinuxLabels labels, String uuid) {
    Set<Path> logs = new TreeSet<>();
    for (Descriptor descriptor : command.descriptors().values()) {
      log(descriptor).ifPresent(logs::add);
    }
    for (StandardOutput output : List.of(command.streams().output(), command.streams().error())) {
      if (output instanceof StandardOutput.To(Descriptor descriptor)) {
        log(descriptor).ifPresent(logs::add);
      }
    }
    List<Step> steps = new ArrayList<>();
    for (Path log : logs) {
      ownLabel(log, false, labels, uuid).ifPresent(steps::add);
    }
    return steps;
  }

  private static Optional<Path> log(Descriptor descriptor) {
    return descriptor instanceof Descriptor.OpenFile file
            && file.access() == Descriptor.Access.APPEND
        ? Optional.of(file.path())
        : Optional.empty();
  }

  private static Optional<Step> ownLabel(
      Path file, boolean shared, SelinuxLabels labels, String uuid) {
    HostFile.Use use = shared ? HostFile.Use.SHARED : HostFile.Use.IMAGE;
    return labels.ofGuest(use).map(label -> new IsolationStep.LabelFile(real(file), label, uuid));
  }

  /** The name of a file that may not be there yet, its folder resolved. */
  static Path real(Path file) {
    Path folder = file.resolveSibling("");
    return GuestFiles.real(folder).orElse(folder).resolve(String.valueOf(file.getFileName()));
  }

  /** The label of a lease that a running guest gets. */
  Optional<Step> leaseLabel(XmlElement live, DiskLease lease) {
    return runningLabels(live)
        .flatMap(labels -> ownLabel(lease.file(), lease.shared(), labels, live.value("uuid", "")));
  }

  /** The label of a file that a running guest is handed for a while. */
  Optional<Step> lentLabel(XmlElement live, Path file) {
    return runningLabels(live)
        .flatMap(labels -> ownLabel(file, false, labels, live.value("uuid", "")));
  }

  private Optional<SelinuxLabels> runningLabels(XmlElement live) {
    return labels()
        ? Optional.of(new SelinuxChoice(selinux, random).choose(live.copy(), Set.of()))
        : Optional.empty();
  }

  /** Right after the monitor's handshake: QEMU has opened its files, and no processor runs. */
  private static Plan verifying(Plan plan, XmlElement live) {
    List<Step> after = new ArrayList<>();
    for (Step step : plan.afterStart()) {
      after.add(step);
      if (step instanceof MonitorStep.Handshake) {
        after.addAll(verifications(live));
      }
    }
    return new Plan(plan.prepare(), plan.command(), plan.whileHeld(), after);
  }

  private static List<Step> verifications(XmlElement live) {
    List<Step> steps = new ArrayList<>();
    for (XmlElement disk : GuestFiles.disks(live)) {
      String path = disk.value("source/@file", disk.value("source/@dev", ""));
      Optional<Path> image =
          path.startsWith("/") ? GuestFiles.real(Path.of(path)) : Optional.empty();
      if (image.isPresent()) {
        try {
          steps.add(
              new IsolationStep.VerifyOpen(
                  image.get(), OpenImages.identity(image.get()), live.value("uuid", "")));
        } catch (IOException gone) {
          // the step that needs it says so
        }
      }
    }
    return steps;
  }

  private Confinement confinement(
      XmlElement live,
      List<LandlockRule> rules,
      CommandSpec command,
      Optional<Identity> identity,
      Optional<SelinuxLabels> labels) {
    Optional<String> label = labels.flatMap(SelinuxLabels::process);
    boolean landlock = confinesFiles(live);
    Confinement before = command.confinement();
    return new Confinement(
        identity.orElse(before.identity()),
        facts.privileged() ? CapabilitySets.none() : before.capabilities(),
        label.isEmpty(), // a policy need not let a label change under no_new_privs (nnp_transition)
        label.<ExecLabel>map(ExecLabel.Selinux::new).orElse(null),
        landlock ? rules : null,
        landlock,
        landlock && isWithoutTcp(live, command.words()),
        before.limits());
  }

  /** Whether a guest reaches only the files that its start allows. */
  public boolean confinesFiles(XmlElement live) {
    return settings.landlock() && !isOff(live, "landlock") && Calls.landlockVersion() > 0;
  }

  /**
   * Whether a running guest binds and connects no TCP socket, since it had no use for any when it
   * was started.
   *
   * @param pid its process
   */
  public boolean isWithoutTcp(XmlElement live, int pid) {
    return confinesFiles(live) && isWithoutTcp(live, TcpUse.command(pid));
  }

  private boolean isWithoutTcp(XmlElement live, List<String> words) {
    return settings.landlockNetwork()
        && Calls.landlockVersion() >= FIRST_WITH_TCP
        && !TcpUse.unknown(live)
        && !TcpUse.of(words);
  }

  /**
   * What a device of a running guest needs, or the whole guest.
   *
   * @param live with the labels it runs with
   * @param scope a device, or the guest itself
   */
  List<Step> steps(XmlElement live, XmlElement scope) {
    String uuid = live.value("uuid", "");
    List<Step> steps = new ArrayList<>(checks(scope, uuid));
    List<HostFile> files = withNodes(GuestFiles.of(live, scope, others), nodes(scope));
    identity(live).ifPresent(who -> steps.addAll(owners(live, files, who, uuid)));
    runningLabels(live).ifPresent(labels -> steps.addAll(labelled(files, labels, uuid)));
    return steps;
  }

  private static List<Path> nodes(XmlElement scope) {
    return new HostDeviceNodes()
        .of(scope.name().equals("domain") ? HostDevicePlan.devices(scope) : List.of(scope));
  }

  /** Device files through which QEMU uses a device of the host's, or all of a guest's. */
  List<Path> deviceNodes(XmlElement scope) {
    return HostDeviceNodes.withShared(nodes(scope));
  }

  /** Files of a device, or of a whole guest, with the device files of the host's devices. */
  Set<Path> paths(XmlElement live, XmlElement scope) {
    Set<Path> paths = new HashSet<>(deviceNodes(scope));
    GuestFiles.of(live, scope, others).forEach(file -> paths.add(file.path()));
    return paths;
  }

  /** A helper as the guest's own user has it, and kept in as the guest is. */
  public HelperStep.Run owned(XmlElement live, HelperStep.Run helper) {
    HelperStep.Run confined =
        confinesFiles(live) ? helper.confined(HelperRules.of(helper)) : helper;
    return identity(live)
        .map(who -> confined.ownedBy(new HelperStep.Owner(who.uid(), who.gid())))
        .orElse(confined);
  }

  /**
   * The files that an image of a guest stands on, for whoever is to read them in the guest's place.
   *
   * @param known files that are meant whatever the image says
   * @throws EngineException when one may not be followed to
   */
  public List<Path> below(XmlElement domain, Path image, String format, List<Path> known) {
    return GuestFiles.below(domain, image, format, known, others);
  }

  /** The files of a guest that runs. */
  public LiveFiles live(Supplier<XmlElement> live, LeaseHolder holder, StepMemory memory) {
    return new LiveFiles(this, locks, live, holder, memory);
  }

  private static List<Step> checks(XmlElement scope, String uuid) {
    List<Step> steps = new ArrayList<>();
    for (XmlElement disk : GuestFiles.disks(scope)) {
      boolean device = disk.is("type", "block");
      String path = disk.value(device ? "source/@dev" : "source/@file", "");
      if (!path.startsWith("/")) {
        continue;
      }
      ImagePlaces.refuse(Path.of(path));
      Optional<Path> image = GuestFiles.real(Path.of(path));
      image.ifPresent(real -> steps.add(new IsolationStep.CheckImage(real, device, uuid)));
    }
    return steps;
  }

  /**
   * {@code <seclabel model='dac'>} of the guest, else the host's setting; a plain user's guests are
   * the user's.
   */
  private Optional<Identity> identity(XmlElement live) {
    if (!facts.privileged() || isOff(live, "dac")) {
      return Optional.empty();
    }
    for (XmlElement seclabel : live.children("seclabel")) {
      if (seclabel.is("model", "dac") && seclabel.is("type", "static")) {
        return Optional.of(dac(seclabel.value("label", "")));
      }
    }
    return settings.identity();
  }

  private static boolean isOff(XmlElement live, String model) {
    return live.children("seclabel").stream()
        .anyMatch(label -> label.is("model", model) && label.is("type", "none"));
  }

  private static List<Step> owners(
      XmlElement live, List<HostFile> files, Identity usual, String uuid) {
    List<Step> steps = new ArrayList<>();
    Set<Path> done = new HashSet<>();
    for (HostFile file : files) {
      boolean changes = file.owner().map(HostFile.Override::relabel).orElse(!keepsOwners(live));
      Identity who =
          file.owner().flatMap(HostFile.Override::label).map(Isolation::dac).orElse(usual);
      boolean needed =
          file.writes() || (file.use() == HostFile.Use.CONTENT && !Readable.by(who, file.path()));
      if (changes && needed && done.add(file.path())) {
        steps.add(new IsolationStep.OwnFile(file.path(), who.uid(), who.gid(), uuid));
      }
    }
    return steps;
  }

  /** A static label leaves files alone unless it says otherwise, as with SELinux. */
  private static boolean keepsOwners(XmlElement live) {
    return live.children("seclabel").stream()
        .filter(seclabel -> seclabel.is("model", "dac"))
        .anyMatch(seclabel ->
            seclabel
                .attribute("relabel", seclabel.is("type", "static") ? "no" : "yes")
                .equals("no"));
  }

  /** {@code user:group}, {@code user}, or numbers with a plus sign. */
  private static Identity dac(String label) {
    String[] words = label.strip().split(":", 2);
    String user = words[0].startsWith("+") ? words[0].substring(1) : words[0];
    String group = words.length < 2 ? "" : words[1];
    return IsolationSettings.identity(user, group.startsWith("+") ? group.substring(1) : group)
        .orElseThrow(() ->
            new EngineException(
                Kind.INVALID,
                "<seclabel model='dac'> needs a <label> such as qemu:qemu or +107:+107, not '"
                    + label
                    + "'"));
  }

  /**
   * A plain user's guests run as the user in this respect too: a file's label can be remembered by
   * root only, and a guest whose lease and log have other labels than it would lose both.
   */
  private boolean labels() {
    return facts.privileged() && selinux.enabled() && settings.selinux();
  }

  private Optional<SelinuxLabels> labels(XmlElement live) {
    if (!labels()) {
      return Optional.empty();
    }
    return Optional.of(GivenCategories.choose(new SelinuxChoice(selinux, random), live, running));
  }

  private static List<Step> labelled(List<HostFile> files, SelinuxLabels labels, String uuid) {
    List<Step> steps = new ArrayList<>();
    Set<Path> done = new HashSet<>();
    for (HostFile file : files) {
      Optional<String> label = labels.of(file);
      if (label.isPresent() && done.add(file.path())) {
        steps.add(new IsolationStep.LabelFile(file.path(), label.get(), uuid));
      }
    }
    return steps;
  }
}
