package launcher.spawn;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import launcher.spawn.libc.Calls;
import launcher.spawn.libc.Calls.CallException;
import org.jspecify.annotations.Nullable;

/**
 * One process from posix_spawn(3) to execve(2): owns everything of it until it is a {@link
 * RealChild} or nothing.
 */
final class Birth {
  private final CommandSpec command;
  private final Path program;
  private final Duration deadline;
  private final Plumbing plumbing;
  private final ControlSocket control;
  private @Nullable Orders orders;
  private @Nullable PidDescriptor process;

  private Birth(
      CommandSpec command,
      Path program,
      Duration deadline,
      Plumbing plumbing,
      ControlSocket control) {
    this.command = command;
    this.program = program;
    this.deadline = deadline;
    this.plumbing = plumbing;
    this.control = control;
  }

  /**
   * Starts the executor and gives it its orders.
   *
   * @param program resolved
   * @param handshake whether it shall stop before execve
   * @param deadline how long each of its answers may take
   */
  static Birth begin(
      PosixSpawn posixSpawn,
      CommandSpec command,
      Path program,
      boolean handshake,
      Duration deadline) {
    Plumbing plumbing = Plumbing.of(command);
    ControlSocket control;
    try {
      control = new ControlSocket();
    } catch (CallException failed) {
      plumbing.close();
      throw new SpawnException(SpawnStep.CREATE_PIPES, "", program, failed.errno());
    }
    Birth birth = new Birth(command, program, deadline, plumbing, control);
    try {
      birth.start(posixSpawn, handshake);
      return birth;
    } catch (RuntimeException failed) {
      birth.abandon();
      throw failed;
    }
  }

  private void start(PosixSpawn posixSpawn, boolean handshake) {
    Inheritance inheritance = plumbing.inheritance(control.theirs());
    orders = OrderWriter.write(command, program, inheritance, handshake, ProcessIds.own());
    control.post(orders.toBytes());
    int pid =
        ProcessIds.start(
            posixSpawn, control.theirs(), inheritance, command.parentDeathSignal() != null);
    if (pid < 0) {
      throw notStarted(inheritance, -pid);
    }
    process = openProcess(pid);
    plumbing.closeTheirs();
    control.finishPosting();
  }

  private SpawnException notStarted(Inheritance inheritance, int errno) {
    for (int source : inheritance.sources()) {
      if (errno == Errno.EBADF && !Calls.isOpen(source)) {
        return new SpawnException(
            SpawnStep.BIND_DESCRIPTORS, "descriptor " + source, program, errno, "It is not open");
      }
    }
    return new SpawnException(SpawnStep.CREATE_PROCESS, "", program, errno);
  }

  private PidDescriptor openProcess(int pid) {
    try {
      return PidDescriptor.ofNewborn(pid);
    } catch (CallException failed) {
      StalePidFile.remove(command);
      throw new SpawnException(SpawnStep.CREATE_PROCESS, "pidfd", program, failed.errno());
    }
  }

  CommandSpec command() {
    return command;
  }

  int pid() {
    return process().pid();
  }

  private PidDescriptor process() {
    if (process == null) {
      throw new IllegalStateException("No process was started");
    }
    return process;
  }

  /** Waits for the handshake. */
  void awaitReady() {
    ControlSocket.Report report = hear().orElseThrow(this::diedSilently);
    if (!report.ready()) {
      throw failure(report);
    }
  }

  /** Says go and waits for execve. */
  RealChild go() {
    control.go();
    return awaitExec();
  }

  /** Waits for execve. */
  RealChild awaitExec() {
    Optional<ControlSocket.Report> report = hear();
    if (report.isPresent()) {
      throw failure(report.get());
    }
    control.close();
    return toChild();
  }

  private RealChild toChild() {
    try {
      StreamPump pump =
          command.streams().needsPump()
              ? new StreamPump(process(), command.streams(), plumbing)
              : null;
      return new RealChild(command, process(), pump, plumbing);
    } catch (CallException failed) {
      abandon();
      throw new SpawnException(SpawnStep.CREATE_PIPES, "", program, failed.errno());
    }
  }

  private Optional<ControlSocket.Report> hear() {
    try {
      return control.hear(deadline);
    } catch (CallException failed) {
      SpawnException late =
          new SpawnException(
              SpawnStep.AWAIT_HANDSHAKE,
              "",
              program,
              failed.errno(),
              "No answer within " + deadline.toMillis() + " ms");
      abandon();
      throw late;
    }
  }

  private SpawnException diedSilently() {
    abandon();
    return new SpawnException(
        SpawnStep.AWAIT_HANDSHAKE, "", program, 0, "The process ended before its handshake");
  }

  private SpawnException failure(ControlSocket.Report report) {
    String object = orders == null ? "" : orders.object(report.order());
    SpawnException failure = Refusal.explain(command, program, report, object);
    abandon();
    return failure;
  }

  /** Ends the process if there is one, reaps it, closes everything. */
  void abandon() {
    control.close();
    plumbing.close();
    if (process != null) {
      process.signal(Signal.KILL.number());
      process.await(null);
      process.letGo();
      process = null;
      StalePidFile.remove(command);
    }
  }
}
