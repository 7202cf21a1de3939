package launcher.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.List;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.ExitStatus;
import launcher.spawn.HeldChild;
import launcher.spawn.RealSpawner;
import launcher.spawn.Rendering;
import launcher.spawn.SpawnException;
import launcher.spawn.words.SpawnWords;

/** {@code spawn}: the spawn core by hand, without a daemon. */
final class SpawnVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Processes";
  }

  @Override
  public List<String> names() {
    return List.of("spawn");
  }

  @Override
  public Verb verb(String name) {
    return new Verb(
            name, "start any program, confined; its exit status is launcher's", SpawnVerbs::spawn)
        .option("uid", "user", "run as this user, by name or number")
        .option("gid", "group", "and this group")
        .option("groups", "list", "supplementary groups, exactly these")
        .flag("drop-caps", "without any capability")
        .option("keep-cap", "list", "with these capabilities and no other")
        .flag("no-new-privs", "set-user-id programs give it nothing")
        .option("label", "label", "an SELinux context, or apparmor:PROFILE")
        .option("landlock", "access=path", "reach only such paths; read, execute, write or manage")
        .option("rlimit", "name=soft:hard", "a limit, such as nofile=512:1024")
        .option("umask", "mask", "octal, 0 too")
        .option("nice", "number", "-20 to 19")
        .option("policy", "name", "other, fifo:PRIORITY, rr:PRIORITY, batch or idle")
        .option("cpus", "list", "processors it may run on")
        .option("oom-score", "number", "-1000 to 1000")
        .option("cgroup", "folder", "a control group it starts in")
        .option("fd", "number=path", "open a file for it at that number, reading and writing")
        .option("fd-read", "number=path", "the same, reading only")
        .option("output", "file", "append standard output and error there")
        .option("cwd", "folder", "where it starts")
        .option("env", "name=value", "set a variable")
        .option("pass-env", "name", "pass a variable on")
        .flag("empty-env", "without PATH, HOME and such, unless they are set")
        .option("pid-file", "file", "written and locked for its life")
        .option("lease", "file=holder", "a lock it must get and keeps for its life")
        .option("death-signal", "signal", "what it gets when launcher ends")
        .flag("daemonize", "in a session of its own; prints its pid and returns")
        .flag("handshake", "hold it before it runs until a line 'go' is read")
        .flag("dry-run", "print the command and start nothing; with --json as JSON")
        .operands("program");
  }

  private static Outcome spawn(Invocation in) throws IOException {
    CommandSpec command;
    try {
      command = SpawnWords.command(in.values(), in.operands("program"));
    } catch (IllegalArgumentException e) {
      throw new ControlException(Outcome.USAGE, String.valueOf(e.getMessage()));
    }
    if (in.flag("dry-run")) {
      in.output()
          .text(in.options().json() ? Rendering.json(command) + "\n" : Rendering.block(command));
      return Outcome.DONE;
    }
    try {
      return in.flag("handshake")
          ? held(in, command)
          : started(in, new RealSpawner().start(command));
    } catch (SpawnException e) {
      throw new ControlException(Outcome.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static Outcome held(Invocation in, CommandSpec command) throws IOException {
    BufferedReader words =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    try (HeldChild held = new RealSpawner().hold(command)) {
      in.output().line("ready " + held.pid());
      return "go".equals(words.readLine()) ? started(in, held.go()) : Outcome.FAILED;
    }
  }

  private static Outcome started(Invocation in, Child child) {
    if (child.command().daemon()) {
      in.output().line(Integer.toString(child.pid()));
      return Outcome.DONE;
    }
    // The program's own status is this command's, as a shell would say it; no outcome of ours has
    // that many values.
    int code =
        switch (child.await().status()) {
          case ExitStatus.Exited(int status) -> status;
          case ExitStatus.Signalled(int number, boolean core) -> 128 + number;
        };
    Runtime.getRuntime().halt(code);
    return Outcome.FAILED;
  }
}
