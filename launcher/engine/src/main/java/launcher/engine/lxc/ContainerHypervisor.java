package launcher.engine.lxc;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import launcher.drivers.lxc.ContainerTranslation;
import launcher.drivers.lxc.LxcDriver;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HostFacts;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.Folders;
import launcher.engine.guest.Hypervisor;
import launcher.engine.guest.Launch;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.guest.RunListener;
import launcher.engine.guest.Running;
import launcher.engine.isolation.ContainerLabels;
import launcher.engine.isolation.RunningLives;
import launcher.engine.network.LiveInterfaces;
import launcher.engine.run.RunRecord;
import launcher.engine.run.RunRecords;
import launcher.engine.run.Workspace;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.schemas.network.Network;
import launcher.spawn.Spawner;

/** Runs guests of the type {@code lxc}. */
public final class ContainerHypervisor implements Hypervisor {
  private final Folders folders;
  private final RunRecords records;
  private final HostFacts facts;
  private final Spawner spawner;
  private final Function<String, Network> networks;

  /**
   * For a host.
   *
   * @param networks the running network of a name
   */
  public ContainerHypervisor(
      Folders folders, HostFacts facts, Spawner spawner, Function<String, Network> networks) {
    this.folders = folders;
    records = new RunRecords(folders.runtime().resolve("runs"));
    this.facts = facts;
    this.spawner = spawner;
    this.networks = networks;
  }

  @Override
  public boolean ownGroups() {
    return true;
  }

  @Override
  public boolean drives(String domainType) {
    return domainType.equals("lxc");
  }

  @Override
  public List<XmlProblem> complete(
      String file, XmlElement tree, Optional<XmlElement> previous, boolean validate) {
    previous.ifPresent(old -> LinkMemory.keep(tree, old));
    List<XmlProblem> problems =
        ContainerTranslation.complete(
            file, tree, UUID.randomUUID().toString(), facts.architecture(), validate);
    if (problems.stream().anyMatch(XmlProblem::refuses)) {
      throw new EngineException(problems);
    }
    return problems;
  }

  @Override
  public Launch launch(XmlElement completed, Grants grants, LaunchOptions options) {
    String name = completed.value("name", "");
    if (options.paused() || options.incoming()) {
      throw new EngineException(
          Kind.INVALID, "container '" + name + "' cannot begin paused or from a saved state");
    }
    XmlElement live = completed.copy();
    nameLinks(live, grants);
    LiveInterfaces.fill(live, networks, ContainerHypervisor::noDevice);
    if (facts.privileged()) {
      ContainerLabels.fill(
          live,
          folders.configuration(),
          () -> RunningLives.read(folders.runtime().resolve("runs")));
    }
    try {
      LxcDriver driver = new LxcDriver(ContainerLookups.of(live, records));
      return new Launch(live, driver.plan(live, facts, grants), Optional.empty());
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED, "container '" + name + "' cannot be started: " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      throw new EngineException(
          Kind.INVALID, "container '" + name + "' cannot be started: " + e.getMessage(), e);
    }
  }

  private static String noDevice(Network network) {
    throw new EngineException(
        Kind.INVALID,
        "network '%s' hands out PCI devices, which a container cannot have: give it a <hostdev mode='capabilities' type='net'>"
            .formatted(network.name()));
  }

  /** By the number of the run, so that containers that start at once never ask for the same. */
  private static void nameLinks(XmlElement live, Grants grants) {
    int number = 0;
    for (XmlElement link : live.childOrAdd("devices").children("interface")) {
      link.childOrAdd("target").setDefault("dev", "lx" + grants.id() + "n" + number++);
    }
  }

  @Override
  public Running attach(
      RunRecord record, XmlElement live, Optional<Workspace> workspace, RunListener listener) {
    return new ContainerRunning(record, live, spawner, listener);
  }
}
