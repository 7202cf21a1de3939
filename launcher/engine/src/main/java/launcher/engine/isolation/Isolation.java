package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.guest.Launch;
import launcher.engine.lease.DiskLease;
import launcher.engine.lease.LockManager;
import launcher.engine.lease.NoLockManager;
import launcher.engine.lease.OfdLockManager;
import launcher.schemas.XmlElement;
import launcher.spawn.CapabilitySets;
import launcher.spawn.CommandSpec;
import launcher.spawn.Confinement;
import launcher.spawn.ExecLabel;
import launcher.spawn.Identity;
import launcher.spawn.libc.Calls;

/**
 * Adds to a guest's plan what keeps it apart: leases, owner, labels, Landlock, and no privilege.
 */
public final class Isolation {
  private final IsolationSettings settings;
  private final HostFacts facts;
  private final SelinuxHost selinux;
  private final LockManager locks;
  private final Path leaseFolder;
  private final Supplier<List<XmlElement>> running;
  private final RandomGenerator random = new SecureRandom();

  /** What guests got that are about to start and not yet seen running. */
  private final Map<String, Categories> given = new HashMap<>();

  /**
   * For one engine.
   *
   * @param leaseFolder where lease files lie
   * @param running live definitions of the guests that run, of whichever engine started them
   * @throws EngineException when SELinux is on and its configuration cannot be read
   */
  public Isolation(
      IsolationSettings settings,
      HostFacts facts,
      Path leaseFolder,
      Supplier<List<XmlElement>> running) {
    this.settings = settings;
    this.facts = facts;
    this.leaseFolder = leaseFolder;
    this.running = running;
    locks =
        settings.leases().equals("none") ? new NoLockManager() : new OfdLockManager(leaseFolder);
    try {
      selinux = SelinuxHost.read(Path.of("/"));
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "SELinux is on and its configuration cannot be read: " + e, e);
    }
  }

  /**
   * The launch of a guest, confined.
   *
   * @throws EngineException when a disk cannot be looked at
   */
  public Launch confine(Launch launch, Grants grants) {
    XmlElement live = launch.live();
    String uuid = live.value("uuid", "");
    List<HostFile> files = files(live);
    List<Step> prepare = new ArrayList<>();
    prepare.add(new FileStep.MakeDirectory(leaseFolder, 0700, true));
    prepare.addAll(checks(live, uuid));
    Optional<Identity> identity = identity(live);
    identity.ifPresent(who -> prepare.addAll(owners(files, who, uuid, grants)));
    Optional<SelinuxLabels> labels = labels(live, uuid);
    labels.ifPresent(chosen -> prepare.addAll(labelled(files, chosen, uuid)));
    List<DiskLease> leases = locks.leases(live);
    CommandSpec command = locks.hold(launch.plan().command(), leases, live.value("name", ""));
    Confinement confinement = confinement(live, files, command, grants, identity, labels);
    Plan plan =
        launch.plan().with(command.toBuilder().confinement(confinement).build()).preparing(prepare);
    return new Launch(live, plan, launch.monitor());
  }

  private Confinement confinement(
      XmlElement live,
      List<HostFile> files,
      CommandSpec command,
      Grants grants,
      Optional<Identity> identity,
      Optional<SelinuxLabels> labels) {
    Optional<String> label = labels.flatMap(SelinuxLabels::process);
    boolean landlock =
        settings.landlock() && !isOff(live, "landlock") && Calls.landlockVersion() > 0;
    Confinement before = command.confinement();
    return new Confinement(
        identity.orElse(before.identity()),
        facts.privileged() ? CapabilitySets.none() : before.capabilities(),
        label.isEmpty(), // a policy need not let a label change under no_new_privs (nnp_transition)
        label.<ExecLabel>map(ExecLabel.Selinux::new).orElse(null),
        landlock ? LandlockRules.of(live, files, command, grants) : null,
        before.limits());
  }

  /** What the XML names, resolved; with the backing files that only the images themselves name. */
  private static List<HostFile> files(XmlElement live) {
    List<HostFile> files = new ArrayList<>();
    for (HostFile file : FilesInUse.of(live)) {
      Optional<Path> real = real(file.path());
      real.ifPresent(path -> files.add(new HostFile(path, file.use(), file.override())));
    }
    for (XmlElement disk : live.at("devices").map(all -> all.children("disk")).orElse(List.of())) {
      Optional<Path> image = disk.value("source/@file").flatMap(path -> real(Path.of(path)));
      if (image.isPresent() && "qcow2".equals(disk.value("driver/@type", ""))) {
        backing(live, image.get())
            .forEach(path -> files.add(new HostFile(path, HostFile.Use.CONTENT)));
      }
    }
    return files;
  }

  private static List<Path> backing(XmlElement live, Path image) {
    try {
      return BackingChain.of(image);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "Failed at step 'find backing files' starting guest '"
              + live.value("name", "")
              + "': "
              + e.getMessage(),
          e);
    }
  }

  /** Empty when it is not there: the step that needs it says so. */
  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException missing) {
      return Optional.empty();
    }
  }

  private static List<Step> checks(XmlElement live, String uuid) {
    List<Step> steps = new ArrayList<>();
    for (XmlElement disk : live.at("devices").map(all -> all.children("disk")).orElse(List.of())) {
      boolean device = disk.is("type", "block");
      Optional<Path> image =
          disk.value(device ? "source/@dev" : "source/@file").flatMap(path -> real(Path.of(path)));
      image.ifPresent(path -> steps.add(new IsolationStep.CheckImage(path, device, uuid)));
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
        String[] words = seclabel.value("label", "").replace("+", "").split(":", 2);
        return IsolationSettings.identity(words[0], words.length == 2 ? words[1] : "");
      }
    }
    return settings.identity();
  }

  private static boolean isOff(XmlElement live, String model) {
    return live.children("seclabel").stream()
        .anyMatch(label -> label.is("model", model) && label.is("type", "none"));
  }

  private static List<Step> owners(List<HostFile> files, Identity who, String uuid, Grants grants) {
    List<Step> steps = new ArrayList<>();
    for (Path folder : List.of(grants.runFolder(), grants.stateFolder())) {
      steps.add(new IsolationStep.OwnFile(folder, who.uid(), who.gid(), uuid));
    }
    Set<Path> done = new HashSet<>();
    for (HostFile file : files) {
      boolean needed =
          file.writes() || (file.use() == HostFile.Use.CONTENT && !Readable.by(who, file.path()));
      if (needed && done.add(file.path())) {
        steps.add(new IsolationStep.OwnFile(file.path(), who.uid(), who.gid(), uuid));
      }
    }
    return steps;
  }

  private Optional<SelinuxLabels> labels(XmlElement live, String uuid) {
    if (!selinux.enabled() || !settings.selinux()) {
      return Optional.empty();
    }
    synchronized (given) {
      given.remove(uuid);
      Set<Categories> taken = new HashSet<>(given.values());
      running.get().forEach(other -> categories(other).ifPresent(taken::add));
      SelinuxLabels labels = new SelinuxChoice(selinux, random).choose(live, taken);
      categories(live).ifPresent(own -> given.put(uuid, own));
      return Optional.of(labels);
    }
  }

  private static Optional<Categories> categories(XmlElement live) {
    return live.children("seclabel").stream()
        .flatMap(seclabel -> seclabel.value("label").flatMap(Categories::in).stream())
        .findFirst();
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
