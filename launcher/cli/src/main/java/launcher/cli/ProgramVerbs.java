package launcher.cli;

import java.util.List;

/** Verbs that need no daemon: they load other modules, only when they are used. */
final class ProgramVerbs implements VerbFamily {
  @Override
  public String title() {
    return "Without a daemon";
  }

  @Override
  public List<String> names() {
    return List.of("spawn", "domxml-to-native");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "spawn" -> spawn(name);
      case "domxml-to-native" ->
          new Verb(name, "translate domain XML for a described host", in -> new ToNative(in).run())
              .operands("file")
              .option("format", "format", "qemu-argv (so without this) or lxc-tools")
              .option(
                  "host-profile", "folder", "what describes the host: replies, firmware, settings")
              .option(
                  "output-dir",
                  "folder",
                  "write NAME.argv and NAME.completed.xml, or NAME.err, there")
              .flag("no-validate", "accept what the schema does not know");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb spawn(String name) {
    return new Verb(name, "run a program in exact surroundings", in -> new SpawnCommand(in).run())
        .operands("program")
        .option("uid", "user", "as that user")
        .option("gid", "group", "in that group")
        .option("groups", "list", "with those further groups")
        .option("umask", "octal", "its umask")
        .option("rlimit", "name=soft:hard", "a limit, such as nofile=512:1024")
        .option("keep-cap", "name", "keep that capability and drop the others")
        .flag("drop-caps", "drop every capability")
        .flag("no-new-privs", "never gain privileges again")
        .option(
            "landlock", "access=path", "reach that and nothing else: read, execute, write, manage")
        .flag("scoped", "no signal and no abstract socket to programs other than its own")
        .flag("no-tcp", "bind and connect no TCP socket")
        .option("label", "context", "SELinux context, or apparmor:PROFILE")
        .option("fd", "number=path", "pass a file, opened for reading and writing")
        .option("fd-read", "number=path", "pass a file, opened for reading")
        .option("pid-file", "file", "its pid file, locked as long as it lives")
        .option("lease", "name=file", "a lease, held as long as it lives")
        .option("cgroup", "folder", "in that control group")
        .option("cwd", "folder", "where it starts")
        .option("env", "name=value", "a variable")
        .option("pass-env", "name", "a variable of ours")
        .flag("empty-env", "without the usual variables")
        .option("output", "file", "append what it says to that file")
        .option("nice", "number", "its niceness")
        .option("oom-score", "number", "its out-of-memory score")
        .option("cpus", "list", "its processors")
        .option("policy", "name:priority", "its scheduling")
        .option("death-signal", "signal", "what it gets when launcher ends")
        .flag("daemonize", "in a session of its own, without a terminal; prints its pid")
        .flag("handshake", "tell its pid before it runs, and wait for Enter")
        .flag("dry-run", "print the command instead");
  }
}
