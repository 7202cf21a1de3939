package launcher.cli;

import java.io.IOException;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.ExitStatus;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Rendering;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;
import launcher.spawn.words.SpawnWords;

/**
 * The verb {@code spawn}: a program started by the spawn core, for people and for tests by hand. It
 * leaves with the program's own exit code, or 128 and the signal's number.
 *
 * @param invocation the call
 */
record SpawnCommand(Invocation invocation) {
  private static final int SIGNALLED = 128;

  Outcome run() throws IOException {
    CommandSpec command;
    try {
      command = SpawnWords.command(invocation.values(), invocation.operands("program"));
    } catch (IllegalArgumentException e) {
      throw new ControlException(Outcome.USAGE, String.valueOf(e.getMessage()), e);
    }
    if (invocation.flag("dry-run")) {
      boolean json = invocation.options().json();
      invocation.output().line(json ? Rendering.json(command) : Rendering.block(command));
      return Outcome.DONE;
    }
    try {
      return run(command);
    } catch (SpawnException e) {
      throw new ControlException(Outcome.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  private Outcome run(CommandSpec command) throws IOException {
    Spawner spawner = new RealSpawner();
    try (Child child =
        invocation.flag("handshake") ? afterHandshake(spawner, command) : spawner.start(command)) {
      if (command.daemon()) {
        invocation.output().line(Integer.toString(child.pid()));
        return Outcome.DONE;
      }
      leaveAs(child.await().status());
      return Outcome.DONE;
    }
  }

  private Child afterHandshake(Spawner spawner, CommandSpec command) throws IOException {
    try (HeldChild held = spawner.hold(command)) {
      invocation
          .output()
          .note("pid " + held.pid() + " is ready: Enter lets it run, the end of input does not\n");
      if (System.in.read() < 0) {
        throw new ControlException(Outcome.FAILED, "'" + command.program() + "' was not let run");
      }
      return held.go();
    }
  }

  /** The program's status becomes this command's, whatever its number means elsewhere. */
  private static void leaveAs(ExitStatus status) {
    int code =
        switch (status) {
          case ExitStatus.Exited(int exited) -> exited;
          case ExitStatus.Signalled(int signal, boolean _) -> SIGNALLED + signal;
        };
    if (code != 0) {
      Runtime.getRuntime().halt(code);
    }
  }
}
