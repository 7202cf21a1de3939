package launcher.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.control.Client;
import launcher.control.Json;
import org.jspecify.annotations.Nullable;

/** The installed tree that this checkout built; as root in the system's folders. */
final class Launcher implements Peer {
  /** As its unit sets it, and the command that starts a daemon. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LC_ALL", "C.UTF-8", "MALLOC_ARENA_MAX", "2");

  private final Path tree;
  private final Path program;
  private final boolean system;
  private Path root = Path.of("/");
  private Path log = Path.of("/dev/null");
  private @Nullable Process daemon;

  /**
   * @param tree what the build leaves: the folder that holds bin/launcher
   * @param system whether it uses the system's folders, or one given by --root
   */
  Launcher(Path tree, boolean system) {
    this.tree = tree;
    this.system = system;
    this.program = tree.resolve("bin/launcher");
  }

  @Override
  public String name() {
    return Report.OURS;
  }

  @Override
  public Optional<String> absence() {
    return Files.isExecutable(program)
        ? Optional.empty()
        : Optional.of("'" + program + "' is not built (java dev/Setup.java guest)");
  }

  @Override
  public String version() throws Exception {
    return Commands.output(command("version", "--quiet")).lines().findFirst().orElse("?");
  }

  @Override
  public void open(Path folder) throws Exception {
    log = folder.resolve("daemon.out");
    root = folder.resolve("root");
    List<String> words = new ArrayList<>(List.of(tree.resolve("libexec/launcherd").toString()));
    if (!system) {
      words.addAll(List.of("--root", root.toString()));
    }
    words.addAll(List.of("--idle", "3600"));
    daemon = Commands.start(words, log, ENVIRONMENT);
    Commands.untilItSucceeds(List.of("/usr/bin/test", "-S", socket().toString()));
    Commands.output(command("list"));
  }

  private Path socket() {
    return system ? Path.of("/run/launcher/launcher.sock") : root.resolve("run/launcher.sock");
  }

  @Override
  public List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    if (!system) {
      command.addAll(List.of("--root", root.toString()));
    }
    command.addAll(List.of(words));
    return command;
  }

  @Override
  public List<String> containerCommand(String... words) {
    return command(words);
  }

  @Override
  public Optional<List<String>> startMany(List<String> guests) {
    List<String> words = command("start");
    words.addAll(guests);
    return Optional.of(words);
  }

  @Override
  public void defineAll(List<Path> files) throws Exception {
    try (Client client = Client.connect(socket()).orElseThrow()) {
      for (Path file : files) {
        client.ask(
            "define",
            Json.object("xml", Files.readString(file), "file", file.toString(), "validate", true));
      }
    }
  }

  @Override
  public long daemonPid() {
    if (daemon == null) {
      throw new IllegalStateException("not opened");
    }
    return daemon.pid();
  }

  @Override
  public Optional<String> log() {
    return Commands.tail(log);
  }

  @Override
  public void close() throws Exception {
    if (daemon != null) {
      daemon.destroy();
      daemon.waitFor();
      daemon = null;
    }
  }
}
