package launcher.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The installed tree that this checkout built. */
final class Launcher implements Peer {
  private final Path program;
  private @Nullable Path root;
  private @Nullable Process daemon;

  /**
   * @param tree what the build leaves: the folder that holds bin/launcher
   */
  Launcher(Path tree) {
    this.program = tree.resolve("bin/launcher");
  }

  @Override
  public String name() {
    return "launcher";
  }

  @Override
  public Optional<String> absence() {
    return Files.isExecutable(program)
        ? Optional.empty()
        : Optional.of("'" + program + "' is not built (java dev/Setup.java guest)");
  }

  @Override
  public void open(Path folder) throws Exception {
    root = folder.resolve("root");
    daemon = Commands.start(command("daemon"), folder.resolve("daemon.out"));
    Commands.untilItSucceeds(command("version"));
  }

  @Override
  public List<String> command(String... words) {
    List<String> command =
        new ArrayList<>(List.of(program.toString(), "--root", String.valueOf(root)));
    command.addAll(List.of(words));
    return command;
  }

  @Override
  public long daemonPid() {
    if (daemon == null) {
      throw new IllegalStateException("not opened");
    }
    return daemon.pid();
  }

  @Override
  public void close() throws Exception {
    if (daemon == null) {
      return;
    }
    for (String guest : Commands.output(command("list", "--name")).split("\n", -1)) {
      if (guest.startsWith(Compare.GUEST_PREFIX)) {
        Commands.tryRun(command("destroy", guest));
      }
    }
    daemon.destroy();
    daemon.waitFor();
    daemon = null;
  }
}
