package launcher.cli.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;

/**
 * What the programs are asked in their training: the command a few everyday verbs and each way of
 * output, the daemon a guest's life. Where no QEMU is installed its verbs fail, and train what
 * comes before.
 */
final class TrainingWords {
  private static final String GUEST = "training";

  private TrainingWords() {}

  /** Writes the guest's files into that folder and gives the commands. */
  static List<List<String>> in(Path folder) throws IOException {
    Path disk = folder.resolve("disk.img");
    Files.write(disk, new byte[512]);
    Path definition = folder.resolve("guest.xml");
    Files.writeString(
        definition,
        """
        <domain type='qemu'>
          <name>%s</name>
          <memory unit='MiB'>32</memory>
          <os><type>hvm</type></os>
          <devices>
            <disk type='file'><driver name='qemu' type='raw'/><source file='%s'/><target dev='vda' bus='virtio'/></disk>
            <interface type='user'/>
            <serial type='pty'/>
          </devices>
        </domain>
        """
            .formatted(GUEST, disk));
    return List.of(
        List.of("version"),
        List.of("define", definition.toString()),
        List.of("start", GUEST, "--paused", "--timings"),
        List.of("list", "--all"),
        List.of("list", "--all", "--json"),
        List.of("dominfo", GUEST),
        List.of("domstate", GUEST),
        List.of("dumpxml", GUEST),
        List.of("destroy", GUEST),
        List.of("start", GUEST, "--paused"),
        List.of("help"),
        List.of("help", "start"),
        List.of("start", "no-such-guest"),
        List.of("nonsense"));
  }

  /**
   * A tree whose daemon prints a line and ends: by it a command that finds no daemon is trained in
   * starting one, and none is left behind.
   */
  static Path treeWithoutDaemon(Path folder) throws IOException {
    Path libexec = Files.createDirectories(folder.resolve("tree/libexec"));
    Files.createSymbolicLink(libexec.resolve("launcherd"), Path.of("/bin/echo"));
    return folder.resolve("tree");
  }

  /** Asks a daemon what the commands have not. */
  static void ask(Path socket) throws IOException {
    Optional<Client> client = Client.connect(socket);
    if (client.isEmpty()) {
      return;
    }
    try (Client daemon = client.get()) {
      for (String verb :
          List.of(
              "domstate",
              "dumpxml",
              "resume",
              "suspend",
              "resume",
              "managedsave",
              "start",
              "shutdown",
              "destroy",
              "undefine")) {
        ask(daemon, verb);
      }
    }
  }

  private static void ask(Client daemon, String verb) throws IOException {
    try {
      daemon.ask(verb, Json.object("guest", GUEST));
    } catch (ControlException e) {
      // no QEMU, or a guest in another state: what was loaded until then counts
      return;
    }
  }
}
