package launcher.drivers.lxc;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.drivers.plan.ContainerStep.AwaitInit;
import launcher.drivers.plan.ContainerStep.ControlGroup;
import launcher.drivers.plan.Driver;
import launcher.drivers.plan.FileStep.MakeDirectory;
import launcher.drivers.plan.FileStep.WriteFile;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.schemas.XmlElement;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.Descriptor;
import launcher.spawn.Environment;
import launcher.spawn.Origin;
import launcher.spawn.StandardOutput;

/**
 * Plans containers: a configuration file for LXC and {@code lxc-start} in the foreground, which
 * stays as the one supervised process and takes the container with it when it ends.
 *
 * <p>The run folder is where LXC expects a container's own folder, so LXC's tools know the
 * container too: {@code lxc-info -P RUNFOLDER/.. NAME}.
 */
public final class LxcDriver implements Driver<XmlElement> {
  /** What the console remembers for whoever looks later, and the size its log is cut at. */
  private static final String CONSOLE_BUFFER = "64KB";

  /** LXC's own words, in the run folder. */
  private static final String LOG = "lxc.log";

  private static final String CONSOLE_LOG = "1MB";

  private final ContainerFacts facts;

  /** With what was looked up for the container. */
  public LxcDriver(ContainerFacts facts) {
    this.facts = facts;
  }

  @Override
  public Plan plan(XmlElement domain, HostFacts host, Grants grants) {
    LxcConfiguration configuration = new LxcConfiguration();
    Filesystems filesystems = new Filesystems(facts, images(grants), configuration);
    Interfaces interfaces = new Interfaces(grants, configuration);
    String group = group(domain);

    name(domain, configuration);
    new Boot(domain, facts).write(configuration);
    filesystems.write(domain);
    idMap(domain, configuration);
    kernelFiles(domain, configuration);
    interfaces.write(domain);
    SharedNamespaces.write(domain, facts, configuration);
    consoles(domain, grants, configuration);
    CapabilityPolicy.of(domain).write(configuration);
    seclabel(domain, configuration);
    groups(group, configuration);
    Limits.write(domain, facts, configuration);
    HostDevices.write(domain, facts, host.privileged(), configuration);

    Path file = grants.run("config");
    List<Step> prepare = new ArrayList<>();
    prepare.add(new MakeDirectory(parent(grants.log()), 0750, true));
    prepare.add(new MakeDirectory(grants.runFolder(), 0711, false));
    prepare.add(new ControlGroup(group, file));
    prepare.addAll(interfaces.reserved());
    prepare.addAll(filesystems.steps());
    prepare.add(new WriteFile(file, configuration.toString(), 0600));
    List<Step> after = new ArrayList<>();
    after.add(new AwaitInit(Boot.init(domain), grants.run(LOG)));
    after.addAll(interfaces.steps());
    return new Plan(prepare, command(domain, grants, host), List.of(), after);
  }

  /** Name of the container's control group in every hierarchy. */
  public static String group(XmlElement domain) {
    String partition = domain.value("resource/partition", "/machine").strip();
    String folder = partition.replaceAll("^/+|/+$", "");
    String own = "launcher-lxc-" + domain.value("name", "");
    return folder.isEmpty() ? own : folder + "/" + own;
  }

  /** Beside the run folder, which is removed with everything in it: images are never in its way. */
  private static Path images(Grants grants) {
    return grants.runFolder().resolveSibling(grants.runFolder().getFileName() + ".images");
  }

  /**
   * The folder that LXC's tools know a container by, together with its name.
   *
   * @param privileged whether root runs it; a plain user's own runtime folder can be entered by
   *     nobody else, and LXC wants the mapped root of the container to enter this one. Nothing is
   *     ever written there.
   */
  public static Path lxcPath(boolean privileged, Path runFolder) {
    return privileged ? parent(runFolder) : Path.of("/run");
  }

  private CommandSpec command(XmlElement domain, Grants grants, HostFacts host) {
    Path own = grants.runFolder();
    Path parent = lxcPath(host.privileged(), own);
    Optional<String> network = SharedNamespaces.networkFile(domain);
    CommandBuilder command = CommandSpec.of(network.isPresent() ? "nsenter" : "lxc-start");
    network.ifPresent(path ->
        command.from(new Origin("<lxc:sharenet>", 0)).add("--net=" + path, "--", "lxc-start"));
    command
        .from(Origin.NONE)
        .add("--foreground", "--close-all-fds")
        .add(
            "--lxcpath=" + parent,
            "--name=" + own.getFileName(),
            "--rcfile=" + own.resolve("config"))
        // DEBUG: only there does it say that it saw the first process end (start.c, LXC 5.0)
        .add("--logfile=" + own.resolve(LOG), "--logpriority=DEBUG");
    new Boot(domain, facts).command(command);
    StandardOutput log =
        new StandardOutput.To(
            new Descriptor.OpenFile(grants.log(), Descriptor.Access.APPEND, true, false, 0600));
    return command.environment(Environment.common()).output(log).error(log).daemon().build();
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("'" + path + "' has no parent");
    }
    return parent;
  }

  private static void name(XmlElement domain, LxcConfiguration out) {
    if (!SharedNamespaces.sharesHostName(domain)) {
      out.add("lxc.uts.name", domain.value("name", ""));
    }
  }

  private static void idMap(XmlElement domain, LxcConfiguration out) {
    for (XmlElement map : domain.child("idmap").map(XmlElement::children).orElse(List.of())) {
      String letter = map.name().equals("uid") ? "u" : "g";
      out.add(
          "lxc.idmap",
          "%s %s %s %s"
              .formatted(
                  letter,
                  map.attribute("start", "").strip(),
                  map.attribute("target", "").strip(),
                  map.attribute("count", "").strip()));
    }
  }

  /** The kernel's own file systems: what of the host they show is read-only. */
  private static void kernelFiles(XmlElement domain, LxcConfiguration out) {
    boolean hostNetwork =
        !domain.at("features/privnet").isPresent()
            && domain.at("devices/interface").isEmpty()
            && !SharedNamespaces.sharesNetwork(domain);
    if (hostNetwork && domain.hasChild("idmap")) {
      // The kernel mounts a new sysfs only for the owner of the network namespace.
      out.add("lxc.mount.auto", "proc:mixed cgroup:mixed");
      out.mount("/sys", "sys", "none", "rbind,ro");
    } else {
      out.add("lxc.mount.auto", "proc:mixed sys:mixed cgroup:mixed");
    }
  }

  private static void consoles(XmlElement domain, Grants grants, LxcConfiguration out) {
    List<XmlElement> consoles =
        domain.child("devices").map(d -> d.children("console")).orElse(List.of());
    out.add("lxc.tty.max", Math.max(0, consoles.size() - 1));
    out.add("lxc.pty.max", 1024);
    out.add("lxc.console.buffer.size", CONSOLE_BUFFER);
    Optional<String> asked = consoles.stream().findFirst().flatMap(c -> c.value("log/@file"));
    out.add("lxc.console.logfile", asked.orElse(grants.run("console.log").toString()));
    out.add("lxc.console.size", CONSOLE_LOG);
  }

  private static void seclabel(XmlElement domain, LxcConfiguration out) {
    for (XmlElement label : domain.children("seclabel")) {
      if (label.is("type", "none")) {
        out.add("lxc.apparmor.profile", "unconfined");
      } else if (label.is("model", "selinux")) {
        // a dynamic one has been chosen by now, where the host has SELinux on
        label.value("label").ifPresent(context -> out.add("lxc.selinux.context", context));
      } else if (label.is("type", "static")) {
        out.add("lxc.apparmor.profile", label.value("label"));
      }
    }
  }

  private static void groups(String group, LxcConfiguration out) {
    out.add("lxc.cgroup.dir.container", group + "/payload");
    out.add("lxc.cgroup.dir.monitor", group + "/monitor");
    out.add("lxc.cgroup.dir.monitor.pivot", group + "/pivot");
  }
}
