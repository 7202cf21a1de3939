package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import launcher.control.ControlException;
import launcher.control.Json.Members;
import launcher.control.Outcome;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.Descriptor;
import launcher.spawn.Environment;
import launcher.spawn.ExitStatus;
import launcher.spawn.RealSpawner;
import launcher.spawn.SpawnException;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;
import launcher.spawn.StandardStreams;

/**
 * The verb {@code lxc-enter-namespace}: the daemon says where the container is, lxc-attach(1)
 * enters it with the terminal of whoever calls.
 *
 * @param invocation the call
 */
record EnterContainer(Invocation invocation) {
  private static final int SIGNALLED = 128;

  Outcome run() throws IOException {
    Members place =
        Requests.members(
            invocation
                .session()
                .client()
                .ask("container-place", Requests.guest(invocation), event -> {}));
    List<String> program = invocation.operands("program");
    List<String> how = new ArrayList<>();
    if (invocation.flag("noseclabel")) {
      how.add("--elevated-privileges=LSM");
    }
    invocation.number("uid", 0).ifPresent(id -> how.add("--uid=" + id));
    invocation.number("gid", 0).ifPresent(id -> how.add("--gid=" + id));
    CommandSpec command =
        CommandSpec.of("lxc-attach")
            .addAll(how)
            .add("--lxcpath=" + Requests.cell(place, "lxcpath", ""))
            .add("--name=" + Requests.cell(place, "name", ""))
            .add("--clear-env", "--keep-var=TERM", "--")
            .addAll(program)
            .environment(Environment.common().passing("TERM"))
            .streams(
                new StandardStreams(
                    new StandardInput.From(new Descriptor.Existing(0)),
                    new StandardOutput.To(new Descriptor.Existing(1)),
                    new StandardOutput.To(new Descriptor.Existing(2))))
            .build();
    try (Child child = new RealSpawner().start(command)) {
      int code =
          switch (child.await().status()) {
            case ExitStatus.Exited(int exited) -> exited;
            case ExitStatus.Signalled(int signal, boolean _) -> SIGNALLED + signal;
          };
      if (code != 0) {
        // whatever its number means elsewhere
        Runtime.getRuntime().halt(code);
      }
      return Outcome.DONE;
    } catch (SpawnException e) {
      throw new ControlException(Outcome.FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
