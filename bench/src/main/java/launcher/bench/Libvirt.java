package launcher.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The libvirt that the distribution packages, with a daemon of the race's own. */
final class Libvirt implements Peer {
  private static final Path DAEMON = Path.of("/usr/sbin/libvirtd");
  private static final Path VIRSH = Path.of("/usr/bin/virsh");
  private static final int COMMANDS_OF_A_SHELL = 200;

  private final boolean inSurroundings;
  private Path log = Path.of("/dev/null");
  private @Nullable Process daemon;

  /**
   * @param inSurroundings whether the system's folders are the race's own; without that it would
   *     write to the machine's
   */
  Libvirt(boolean inSurroundings) {
    this.inSurroundings = inSurroundings;
  }

  @Override
  public String name() {
    return "libvirt";
  }

  @Override
  public Optional<String> absence() {
    if (!inSurroundings) {
      return Optional.of(
          "libvirt is not raced: its daemon gets namespaces of its own, which needs root");
    }
    return Stream.of(DAEMON, VIRSH)
        .filter(p -> !Files.isExecutable(p))
        .map(p ->
            "libvirt is not raced: '"
                + p
                + "' is not installed (apt-get install --no-install-recommends"
                + " libvirt-daemon-system libvirt-clients libvirt-daemon-driver-lxc)")
        .findFirst();
  }

  @Override
  public String version() throws Exception {
    return Commands.output(List.of(DAEMON.toString(), "--version")).strip();
  }

  @Override
  public void open(Path folder) throws Exception {
    log = folder.resolve("libvirtd.log");
    Path configuration = Path.of("/etc/libvirt/libvirtd.conf");
    Files.writeString(
        configuration,
        """
        auth_unix_rw = "none"
        log_outputs = "3:file:%s"
        """
            .formatted(log));
    // without virtlogd, a second daemon whose only work is to copy guests' output
    Files.writeString(Path.of("/etc/libvirt/qemu.conf"), "stdio_handler = \"file\"\n");
    daemon =
        Commands.start(
            List.of(
                DAEMON.toString(),
                "-f",
                configuration.toString(),
                "-p",
                folder.resolve("pid").toString()),
            folder.resolve("libvirtd.out"));
    Commands.untilItSucceeds(command("version"));
  }

  @Override
  public List<String> command(String... words) {
    return connected("qemu:///system", words);
  }

  @Override
  public List<String> containerCommand(String... words) {
    return connected("lxc:///system", words);
  }

  private static List<String> connected(String uri, String... words) {
    List<String> command = new ArrayList<>(List.of(VIRSH.toString(), "-q", "-c", uri));
    command.addAll(List.of(words));
    return command;
  }

  @Override
  public Optional<List<String>> startMany(List<String> guests) {
    return Optional.empty();
  }

  @Override
  public void defineAll(List<Path> files) throws Exception {
    for (int first = 0; first < files.size(); first += COMMANDS_OF_A_SHELL) {
      StringBuilder script = new StringBuilder();
      for (Path file : files.subList(first, Math.min(first + COMMANDS_OF_A_SHELL, files.size()))) {
        script.append("define ").append(file).append("; ");
      }
      Commands.output(command(script.toString())); // virsh's own language, no shell
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
