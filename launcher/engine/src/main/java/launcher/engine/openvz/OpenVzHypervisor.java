package launcher.engine.openvz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import launcher.drivers.lxc.ContainerTranslation;
import launcher.drivers.openvz.OpenVzDefinition;
import launcher.drivers.openvz.Vzctl;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.Folders;
import launcher.engine.guest.ForeignHypervisor;
import launcher.engine.guest.Launch;
import launcher.engine.guest.LaunchOptions;
import launcher.engine.guest.RunListener;
import launcher.engine.guest.Running;
import launcher.engine.host.ProcessHold;
import launcher.engine.run.RunRecord;
import launcher.engine.run.Workspace;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;
import launcher.spawn.CommandSpec;
import launcher.spawn.Descriptor;
import launcher.spawn.StandardOutput;

/** Containers of OpenVZ, which keeps them itself: vzctl acts, its configuration files tell. */
public final class OpenVzHypervisor implements ForeignHypervisor {
  private final Folders folders;
  private final HostFacts facts;
  private final OpenVzTools tools;
  private final OpenVzWatch watch;

  /** For a host. */
  public OpenVzHypervisor(Folders folders, HostFacts facts, OpenVzTools tools) {
    this.folders = folders;
    this.facts = facts;
    this.tools = tools;
    watch = new OpenVzWatch(tools);
  }

  @Override
  public boolean ownGroups() {
    return true;
  }

  @Override
  public boolean drives(String domainType) {
    return domainType.equals("openvz");
  }

  @Override
  public List<XmlProblem> complete(
      String file, XmlElement tree, Optional<XmlElement> previous, boolean validate) {
    String uuid = previous.flatMap(old -> old.value("uuid")).orElse(UUID.randomUUID().toString());
    List<XmlProblem> problems =
        new ArrayList<>(
            ContainerTranslation.complete(file, tree, uuid, facts.architecture(), validate));
    if (problems.stream().noneMatch(XmlProblem::refuses)) {
      try {
        OpenVzDefinition.plan(tree);
      } catch (IllegalArgumentException e) {
        problems.add(XmlProblem.at(file, tree, String.valueOf(e.getMessage())));
      }
    }
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
          Kind.INVALID,
          "OpenVZ container '" + name + "' cannot begin paused or from a saved state");
    }
    StandardOutput log =
        new StandardOutput.To(
            new Descriptor.OpenFile(grants.log(), Descriptor.Access.APPEND, true, false, 0600));
    Path parent = grants.log().getParent();
    CommandSpec command =
        tools.command(new Vzctl(name).start()).output(log).error(log).daemon().build();
    List<Step> prepare =
        parent == null ? List.of() : List.of(new FileStep.MakeDirectory(parent, 0750, true));
    return new Launch(
        completed.copy(), new Plan(prepare, command, List.of(), List.of()), Optional.empty());
  }

  @Override
  public Running attach(
      RunRecord record, XmlElement live, Optional<Workspace> workspace, RunListener listener) {
    Path paused = folders.runtime().resolve("openvz").resolve(record.uuid() + ".paused");
    return new OpenVzRunning(record.name(), tools, watch, listener, paused);
  }

  @Override
  public List<XmlElement> discover() {
    List<XmlElement> found = new ArrayList<>();
    try {
      for (String name : tools.containers()) {
        tools
            .read(name)
            .ifPresent(configuration -> {
              XmlElement domain = configuration.domain();
              byte[] seed = ("openvz:" + name).getBytes(StandardCharsets.US_ASCII);
              // without a UUID of its own, the same at each look
              String uuid = UUID.nameUUIDFromBytes(seed).toString();
              ContainerTranslation.complete(
                  name + ".conf", domain, uuid, facts.architecture(), false);
              found.add(domain);
            });
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "OpenVZ's configuration files cannot be read: " + EngineException.reason(e),
          e);
    }
    return found;
  }

  @Override
  public Optional<ProcessHold> hold(String guest) {
    watch.refresh();
    return OpenVzWatch.runs(watch.status(guest))
        ? Optional.of(ProcessHold.elsewhere(watch.end(guest)))
        : Optional.empty();
  }

  @Override
  public void define(XmlElement now, Optional<XmlElement> before) {
    String name = now.value("name", "");
    if (!tools.present()) {
      throw new EngineException(
          Kind.WRONG_STATE, "this host has no OpenVZ: there is neither /etc/vz/conf nor another");
    }
    if (before.isPresent()) {
      change(name, OpenVzDefinition.change(before.get(), now));
      return;
    }
    boolean made = tools.read(name).isPresent();
    if (made) {
      throw new EngineException(
          Kind.EXISTS, "OpenVZ has a container '" + name + "' already: destroy it, or edit it");
    }
    try {
      OpenVzDefinition.privateFolder(now).ifPresent(folder -> tools.writeSample(name, folder));
      change(name, OpenVzDefinition.plan(now));
      tools.noteUuid(name, now.value("uuid", ""));
    } catch (EngineException e) {
      removeHalf(now, e);
      throw e;
    }
  }

  private void change(String name, List<CommandSpec> commands) {
    for (CommandSpec command : commands) {
      tools.run(name, "'" + String.join(" ", command.words()) + "'", command);
    }
  }

  private void removeHalf(XmlElement domain, EngineException because) {
    String name = domain.value("name", "");
    try {
      if (OpenVzDefinition.privateFolder(domain).isPresent()) {
        tools.forget(name);
      } else if (tools.read(name).isPresent()) {
        tools.run(name, "destroy", new Vzctl(name).destroy());
      }
    } catch (EngineException e) {
      because.addSuppressed(e);
    }
  }

  @Override
  public void undefine(XmlElement guest) {
    String name = guest.value("name", "");
    if (tools.read(name).isPresent()) {
      tools.run(name, "undefine", new Vzctl(name).destroy());
    }
  }

  @Override
  public boolean autostart(String guest) {
    return tools.read(guest).map(c -> c.startsWithHost()).orElse(false);
  }

  @Override
  public void autostart(String guest, boolean wanted) {
    tools.run(guest, "autostart", new Vzctl(guest).startsWithHost(wanted));
  }

  @Override
  public void watch(Runnable changed) {
    watch.start(changed);
  }

  @Override
  public void unwatch() {
    watch.stop();
  }
}
