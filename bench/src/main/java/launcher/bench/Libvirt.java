package launcher.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The libvirt that the distribution packages, with a daemon of its own. */
final class Libvirt implements Peer {
  private static final Path DAEMON = Path.of("/usr/sbin/libvirtd");
  private static final Path VIRSH = Path.of("/usr/bin/virsh");

  private final String driver;
  private String uri = "";
  private @Nullable Process daemon;

  /**
   * @param driver the driver of the connection: "qemu" or "lxc"
   */
  Libvirt(String driver) {
    this.driver = driver;
  }

  @Override
  public String name() {
    return "libvirt";
  }

  @Override
  public Optional<String> absence() {
    return Stream.of(DAEMON, VIRSH)
        .filter(p -> !Files.isExecutable(p))
        .map(p ->
            "'" + p + "' is not installed (apt-get install libvirt-daemon-system libvirt-clients)")
        .findFirst();
  }

  @Override
  public void open(Path folder) throws Exception {
    Path sockets = Files.createDirectories(folder.resolve("sock"));
    Path configuration = folder.resolve("libvirtd.conf");
    Files.writeString(
        configuration,
        """
        unix_sock_dir = "%s"
        auth_unix_rw = "none"
        log_outputs = "3:file:%s"
        """
            .formatted(sockets, folder.resolve("libvirtd.log")));
    uri =
        switch (driver) {
          case "lxc" -> "lxc+unix:///system?socket=" + sockets.resolve("libvirt-sock");
          default -> "qemu+unix:///system?socket=" + sockets.resolve("libvirt-sock");
        };
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
    List<String> command = new ArrayList<>(List.of(VIRSH.toString(), "-q", "-c", uri));
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
    for (String guest : Commands.output(command("list", "--all", "--name")).split("\n", -1)) {
      if (guest.startsWith(Compare.GUEST_PREFIX)) {
        Commands.tryRun(command("undefine", guest, "--managed-save"));
      }
    }
    daemon.destroy();
    daemon.waitFor();
    daemon = null;
  }
}
