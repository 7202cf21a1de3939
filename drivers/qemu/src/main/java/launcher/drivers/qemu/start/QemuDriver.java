package launcher.drivers.qemu.start;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.drivers.plan.DescriptorStep;
import launcher.drivers.plan.Driver;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HostFacts;
import launcher.drivers.plan.LinkStep;
import launcher.drivers.plan.MonitorStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.Step;
import launcher.drivers.qemu.block.TransientOverlays;
import launcher.drivers.qemu.command.CommandLine;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.command.QemuCommand;
import launcher.drivers.qemu.helper.Helpers;
import launcher.drivers.qemu.hostdev.HostDevicePlan;
import launcher.schemas.XmlElement;
import launcher.spawn.Argument;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.Confinement;
import launcher.spawn.Descriptor;
import launcher.spawn.Origin;
import launcher.spawn.Resource;
import launcher.spawn.ResourceLimit;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;
import launcher.spawn.StandardStreams;

/**
 * Plans the start of a QEMU guest: its folders and files are found or made, QEMU is born with its
 * monitor's listening socket, says hello, is told what to do at the end of the guest, and runs.
 */
public final class QemuDriver implements Driver<QemuStart> {
  /** Name of the monitor's socket in the run folder, and of its descriptor. */
  public static final String MONITOR = "monitor";

  /** The kernel's mover of network frames. */
  public static final String VHOST_NET = "/dev/vhost-net";

  private static final int OWNER_ONLY = 0600;

  /** Has no state. */
  public QemuDriver() {}

  @Override
  public Plan plan(QemuStart start, HostFacts facts, Grants grants) {
    return new Plan(
        prepare(start, grants), command(start, grants), List.of(), afterStart(start, grants));
  }

  /**
   * The links of one network card, for plugging it in while the guest runs.
   *
   * @param card of the prepared tree
   * @param passed every descriptor that the guest's command asks for
   */
  public static List<LinkStep> links(XmlElement card, List<CommandLine.PassedDescriptor> passed) {
    return LinkSteps.of(List.of(card), passed);
  }

  private static List<Step> prepare(QemuStart start, Grants grants) {
    List<Step> steps = new ArrayList<>(GuestFiles.required(start.live()));
    steps.add(new FileStep.MakeDirectory(grants.stateFolder(), 0700, true));
    steps.addAll(GuestFiles.firmwareVariables(start.live()));
    steps.addAll(TransientOverlays.steps(start.live(), grants.stateFolder()));
    Path logs = grants.log().getParent();
    if (logs != null) {
      steps.add(new FileStep.MakeDirectory(logs, 0755, true));
    }
    steps.add(new FileStep.MakeDirectory(grants.runFolder(), 0700, false));
    steps.addAll(
        HostDevicePlan.of(
            start.live(), HostDevicePlan.devices(start.live()), deviceMemory(grants.runFolder())));
    steps.add(new DescriptorStep.Listen(MONITOR, grants.run(MONITOR), OWNER_ONLY));
    for (CommandLine.PassedDescriptor passed : start.command().line().descriptors()) {
      PassedNames.listening(passed.name())
          .ifPresent(path -> steps.add(new DescriptorStep.Listen(passed.name(), path, OWNER_ONLY)));
    }
    steps.addAll(
        LinkSteps.of(
            start.live().childOrAdd("devices").children("interface"),
            start.command().line().descriptors()));
    SealedSecrets.of(start.command(), grants).ifPresent(steps::add);
    steps.addAll(start.helpers());
    return steps;
  }

  /**
   * Where launcher remembers what devices of the host were: not in the run folder, where a guest
   * could write.
   */
  public static Path deviceMemory(Path runFolder) {
    Path guests = runFolder.getParent();
    return (guests == null ? runFolder : guests).resolveSibling("devices");
  }

  private static CommandSpec command(QemuStart start, Grants grants) {
    QemuCommand command = start.command();
    CommandBuilder builder = CommandSpec.of(command.emulator()).daemon();
    for (CommandLine.PassedDescriptor passed : command.line().descriptors()) {
      builder.descriptor(passed.number(), PassedNames.descriptor(passed.name()));
    }
    SealedSecrets.masterKey(start.command(), grants).forEach(builder::add);
    command.line().pieces().forEach(piece -> builder.add(argument(piece)));
    if (start.incoming()) {
      builder.from(new Origin("saved state", 0)).add("-incoming", "defer");
    }
    for (String variable : command.environment()) {
      int sign = variable.indexOf('=');
      builder.variable(variable.substring(0, sign), variable.substring(sign + 1));
    }
    StandardOutput log =
        new StandardOutput.To(
            new Descriptor.OpenFile(
                grants.log(), Descriptor.Access.APPEND, true, false, OWNER_ONLY));
    OptionalLong locked = MemoryLock.bytes(start.live());
    if (locked.isPresent()) {
      builder.confinement(
          Confinement.NONE.withLimits(
              List.of(new ResourceLimit(Resource.MEMLOCK, locked.getAsLong()))));
    }
    return builder
        .streams(new StandardStreams(new StandardInput.Null(), log, new StandardOutput.Merged()))
        .umask(0077)
        .build();
  }

  private static Argument argument(CommandLine.Piece piece) {
    Origin origin =
        piece.origin().map(e -> new Origin(e.path(), Math.max(0, e.line()))).orElse(Origin.NONE);
    return new Argument(piece.text(), origin);
  }

  private static List<Step> afterStart(QemuStart start, Grants grants) {
    List<Step> steps = new ArrayList<>();
    // before it, since QEMU gives up when it cannot reach one; after it, for those it goes without
    steps.addAll(Helpers.checks(start.helpers()));
    steps.add(new MonitorStep.Handshake(grants.run(MONITOR)));
    steps.addAll(Helpers.checks(start.helpers()));
    steps.add(new MonitorStep.Command("set actions", "set-action", actions(start.live())));
    steps.addAll(PluggedProcessors.of(start.live()));
    steps.addAll(ThreadPins.of(start.live()));
    steps.addAll(DiskLimits.of(start.live()));
    steps.addAll(LinkStates.of(start.live()));
    balloon(start.live()).ifPresent(steps::add);
    if (!start.paused() && !start.incoming()) {
      steps.add(new MonitorStep.Continue());
    }
    return steps;
  }

  // Where the guest's end is nobody's affair QEMU ends with it, so that no engine need be there.
  private static String actions(XmlElement domain) {
    return Props.of(
            "shutdown",
            domain.value("on_poweroff", "destroy").equals("destroy") ? "poweroff" : "pause")
        .put(
            "reboot", domain.value("on_reboot", "restart").equals("destroy") ? "shutdown" : "reset")
        .put("panic", "pause")
        .json();
  }

  private static Optional<Step> balloon(XmlElement domain) {
    long most = kib(domain, "memory");
    long now = kib(domain, "currentMemory");
    boolean has = domain.at("devices/memballoon").filter(b -> !b.is("model", "none")).isPresent();
    return has && now > 0 && now < most
        ? Optional.of(
            new MonitorStep.Command(
                "set balloon", "balloon", Props.empty().put("value", now * 1024).json()))
        : Optional.empty();
  }

  // completion writes memory in KiB
  private static long kib(XmlElement domain, String name) {
    return domain.value(name).map(Long::parseLong).orElse(0L);
  }
}
