package launcher.engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.drivers.plan.HelperStep;
import launcher.engine.host.ProcessEnd;
import launcher.engine.isolation.SocketLabels;
import launcher.engine.secret.SecretStore;
import launcher.engine.store.AtomicFile;
import launcher.spawn.Bytes;
import launcher.spawn.Capability;
import launcher.spawn.CapabilitySets;
import launcher.spawn.Child;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Confinement;
import launcher.spawn.Descriptor;
import launcher.spawn.ExecLabel;
import launcher.spawn.Identity;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;
import launcher.spawn.StandardStreams;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.PinnedFile;

/** Starts the programs beside a guest, and ends those that are still there after it. */
final class HelperSteps {
  private static final Logger LOG = Logger.getLogger("launcher.engine");
  private static final int SOCKET = 3;
  private static final int SECRET = 4;
  private static final int OWNER_ONLY = 0600;
  private static final int OWNER_FOLDER = 0700;
  private static final Duration PREPARATION = Duration.ofMinutes(2);
  private static final Duration READY = Duration.ofSeconds(20);

  /** A process is older than the file it is named in; clocks that tell so may differ by this. */
  private static final Duration CLOCKS = Duration.ofSeconds(2);

  /** What a file server needs to act for every user of the guest, and to shut itself in. */
  private static final Set<Capability> FILE_SERVER =
      EnumSet.of(
          Capability.CHOWN,
          Capability.DAC_OVERRIDE,
          Capability.DAC_READ_SEARCH,
          Capability.FOWNER,
          Capability.FSETID,
          Capability.SETGID,
          Capability.SETUID,
          Capability.SETPCAP,
          Capability.SETFCAP,
          Capability.MKNOD,
          Capability.SYS_ADMIN,
          Capability.SYS_CHROOT);

  /**
   * What reservations need: raw SCSI commands, device-mapper's questions for multipath; and to make
   * the socket, and to drop the rest.
   */
  private static final Set<Capability> RESERVATIONS =
      EnumSet.of(
          Capability.SYS_RAWIO,
          Capability.SYS_ADMIN,
          Capability.SETPCAP,
          Capability.SETUID,
          Capability.SETGID,
          Capability.DAC_OVERRIDE);

  private final Spawner spawner;
  private final SecretStore secrets;

  HelperSteps(Spawner spawner, SecretStore secrets) {
    this.spawner = spawner;
    this.secrets = secrets;
  }

  void carryOut(HelperStep step) throws IOException {
    try {
      switch (step) {
        case HelperStep.Prepare prepare -> prepare(prepare);
        case HelperStep.Start start -> start(start);
        case HelperStep.Check check -> check(check);
      }
    } catch (SpawnException e) {
      throw new IOException(e.getMessage() + wayOut(step), e);
    }
  }

  private static String wayOut(HelperStep step) {
    return step.program().startsWith("/") || found(step.program())
        ? ""
        : "; install it: its Debian package is '" + debianPackage(step.program()) + "'";
  }

  private static String debianPackage(String program) {
    return switch (program) {
      case "swtpm_setup" -> "swtpm-tools";
      case "qemu-pr-helper" -> "qemu-system-common";
      default -> program;
    };
  }

  private static boolean found(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    for (String folder : path.split(":")) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  private void prepare(HelperStep.Prepare step) throws IOException {
    if (Files.exists(step.made())) {
      return;
    }
    CommandBuilder command = command(step).capture();
    secret(command, step.secret());
    Completed ended =
        spawner.run(
            command.confinement(confined(labelled(guest(step.owner()), step), step)).build(),
            PREPARATION);
    if (!ended.status().success()) {
      Files.deleteIfExists(step.made());
      throw failed(step, ended);
    }
  }

  private void start(HelperStep.Start step) throws IOException {
    end(step);
    AtomicFile.folder(step.pidFile().resolveSibling(""), OWNER_FOLDER);
    CommandBuilder command = command(step);
    if (step.owner().isEmpty() && isRoot()) {
      command.addAll(step.asRoot());
    }
    Confinement rights =
        switch (step.rights()) {
          case GUEST -> confined(guest(step.owner()), step);
          case FILE_SERVER -> fileServer();
          // it asks multipathd by an abstract socket
          case RESERVATIONS ->
              confined(Confinement.NONE.withCapabilities(CapabilitySets.keep(RESERVATIONS)), step)
                  .withScope(false);
        };
    command.confinement(labelled(rights, step));
    secret(command, step.secret());
    if (step.detaches().isPresent()) {
      Completed ready = spawner.run(command.capture().build(), READY);
      if (!ready.status().success()) {
        throw failed(step, ready);
      }
      // before the guest's process can write there: from here on our own file counts
      AtomicFile.writeUntilBoot(step.pidFile(), Files.readString(step.detaches().get()));
      return;
    }
    command.daemon().pidFile(step.pidFile()).streams(log(step));
    if (step.listen().isPresent()) {
      listening(step.listen().get(), step, command);
    } else if (step.awaited().isPresent()) {
      awaited(step, step.awaited().get(), command);
    } else {
      letLive(spawner.start(command.build()), step);
    }
  }

  private static void check(HelperStep.Check step) throws IOException {
    if (running(step.program(), step.pidFile()).isEmpty()) {
      throw new IOException(
          "it has ended since it was started, which the guest would miss: what it said, if anything, is in '"
              + step.log()
              + "'");
    }
  }

  /** None of those that are kept in has anything to do with the network. */
  private static Confinement confined(Confinement confinement, HelperStep.Run step) {
    return step.landlock().isEmpty()
        ? confinement
        : confinement.withLandlock(step.landlock()).withScope(true).withoutTcp(true);
  }

  private static Confinement labelled(Confinement confinement, HelperStep.Run step) {
    Optional<String> label = step.labels().flatMap(HelperStep.Labels::process);
    // a policy need not let a label change under no_new_privs (nnp_transition)
    return label.isEmpty()
        ? confinement
        : confinement.withNoNewPrivileges(false).withLabel(new ExecLabel.Selinux(label.get()));
  }

  /** The owner of its folder in proc(5) is whom a process acts as. */
  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  // Somebody has to take note of its end, or it stays a zombie as long as this process lives.
  private static void letLive(Child helper, HelperStep.Start step) {
    var _ =
        helper
            .onExit()
            .thenAccept(ended -> {
              helper.close();
              // the guest closes its connection at its end, and then the pid file goes
              if (!ended.status().success() && Files.exists(step.pidFile())) {
                LOG.log(
                    Level.WARNING,
                    "''{0}'' (pid {1}) has ended before its guest: {2}; the guest goes on without it, ignoring",
                    new Object[] {step.helper(), Integer.toString(helper.pid()), ended.status()});
              }
            });
  }

  private static IOException failed(HelperStep step, Completed ended) {
    return new IOException(
        "%s failed, %s: %s"
            .formatted(
                step.helper(), ended.status(), (ended.text() + ended.error().text()).strip()));
  }

  // Whoever connects waits in the socket's queue until the helper takes it: no retry, no race.
  private void listening(Path socket, HelperStep.Start step, CommandBuilder command)
      throws IOException {
    int listening =
        DescriptorSteps.listen(socket, OWNER_ONLY, step.labels().map(HelperStep.Labels::socket));
    try {
      own(socket, step.owner());
      letLive(
          spawner.start(command.descriptor(SOCKET, new Descriptor.Existing(listening)).build()),
          step);
    } finally {
      Calls.close(listening);
    }
  }

  // It says nothing when it is ready: the socket's name is what appears.
  private void awaited(HelperStep.Start step, Path socket, CommandBuilder command)
      throws IOException {
    Files.deleteIfExists(socket);
    try (NewFile file = new NewFile(socket)) {
      Child helper = spawner.start(command.build());
      letLive(helper, step);
      if (!file.await(READY, helper.onExit())) {
        throw new IOException(
            "%s has not made its socket '%s'; its own words are in the guest's log"
                .formatted(step.helper(), socket));
      }
    }
    own(socket, step.owner());
  }

  private static void own(Path socket, Optional<HelperStep.Owner> owner) throws IOException {
    if (owner.isPresent()) {
      try (PinnedFile file = SocketLabels.pinned(socket)) {
        file.own(owner.get().uid(), owner.get().gid());
      }
    }
  }

  private static CommandBuilder command(HelperStep.Run step) {
    return CommandSpec.of(step.program())
        .addAll(step.arguments())
        .passing("PATH")
        .variable("LC_ALL", "C")
        .umask(0077);
  }

  private static StandardStreams log(HelperStep.Start step) {
    return new StandardStreams(
        new StandardInput.Null(),
        new StandardOutput.To(
            new Descriptor.OpenFile(step.log(), Descriptor.Access.APPEND, true, false, OWNER_ONLY)),
        new StandardOutput.Merged());
  }

  private void secret(CommandBuilder command, Optional<String> name) throws IOException {
    if (name.isPresent()) {
      command.descriptor(SECRET, new Descriptor.Content(Bytes.of(secrets.value(name.get()))));
    }
  }

  private static Confinement guest(Optional<HelperStep.Owner> owner) {
    Confinement plain = Confinement.NONE.withNoNewPrivileges(true);
    return owner
        .map(who ->
            plain
                .withIdentity(new Identity(who.uid(), who.gid()))
                .withCapabilities(CapabilitySets.none()))
        .orElse(plain);
  }

  private static Confinement fileServer() {
    return Confinement.NONE.withCapabilities(CapabilitySets.keep(FILE_SERVER));
  }

  /** Ends a helper that is still there; what it made in its folders goes with them. */
  static void undo(HelperStep step) throws IOException {
    if (step instanceof HelperStep.Start start) {
      end(start);
    }
  }

  private static void end(HelperStep.Start step) throws IOException {
    running(step).ifPresent(ProcessEnd::end);
    Files.deleteIfExists(step.pidFile());
    if (step.detaches().isPresent()) {
      Files.deleteIfExists(step.detaches().get());
    }
    if (step.listen().isPresent()) {
      Files.deleteIfExists(step.listen().get());
    }
    if (step.awaited().isPresent()) {
      Files.deleteIfExists(step.awaited().get());
    }
  }

  /**
   * The process of the pid file, if it bears that program's name and is not younger than it. What a
   * helper wrote itself counts only where an engine was killed before it could take note of it: no
   * guest has run then.
   */
  private static Optional<ProcessHandle> running(HelperStep.Start step) {
    Path own = step.pidFile();
    return running(step.program(), Files.exists(own) ? own : step.detaches().orElse(own));
  }

  private static Optional<ProcessHandle> running(String program, Path pidFile) {
    try {
      Instant written = Files.getLastModifiedTime(pidFile).toInstant();
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      String name = Files.readString(Path.of("/proc", Long.toString(pid), "comm")).strip();
      boolean named = !name.isEmpty() && name.startsWith(commandName(program));
      return ProcessHandle.of(pid)
          .filter(process -> named && !hasEnded((int) pid))
          .filter(process ->
              process
                  .info()
                  .startInstant()
                  .filter(born -> born.isBefore(written.plus(CLOCKS)))
                  .isPresent());
    } catch (IOException | NumberFormatException gone) {
      return Optional.empty();
    }
  }

  /** One that nobody has taken note of keeps its name. */
  private static boolean hasEnded(int pid) {
    return ProcessIdentity.of(pid).filter(found -> found.state() != 'Z').isEmpty();
  }

  /** As the kernel shortens it (proc_pid_comm(5)). */
  private static String commandName(String program) {
    String name = program.substring(program.lastIndexOf('/') + 1);
    return name.substring(0, Math.min(name.length(), 15));
  }
}
