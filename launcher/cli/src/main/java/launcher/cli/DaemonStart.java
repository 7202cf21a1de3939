package launcher.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Outcome;
import launcher.control.SocketPlace;
import launcher.spawn.DetachedProgram;

/**
 * Starts a daemon where there is none; loaded only then. Commands that find none at the same time
 * queue for a lock, and all but the first find one.
 *
 * @param place where it shall listen
 * @param root the folder of {@code --root}
 */
record DaemonStart(SocketPlace place, Optional<Path> root) {

  /** Connects to the daemon that is started, by us or by another command. */
  Client connect() throws IOException {
    make(place.runtime());
    try (FileChannel file =
            FileChannel.open(
                place.runtime().resolve("start.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = file.lock()) {
      Optional<Client> started = Client.connect(place.socket());
      if (started.isPresent()) {
        return started.get();
      }
      start();
      return Client.connect(place.socket()).orElseThrow(() -> silent("it left at once"));
    }
  }

  /** As the daemon makes them: the umask of who asks would shut out the group and the guests. */
  private static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      make(parent);
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException anotherWasFaster) {
      return;
    }
    if (SocketPlace.uid() == 0) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private void start() {
    List<String> command = new ArrayList<>();
    command.add(Tree.ofThisProgram().daemon().toString());
    command.add("--detached");
    root.ifPresent(folder -> command.addAll(List.of("--root", folder.toString())));
    String said =
        DetachedProgram.start(command, log()).orElseThrow(() -> silent("it said nothing"));
    if (!said.equals("ready")) {
      throw silent("it said '" + said + "'");
    }
  }

  private Path log() {
    return place.runtime().resolve("launcherd.log");
  }

  private ControlException silent(String why) {
    return new ControlException(
        Outcome.UNREACHABLE, "the daemon did not start, " + why + "; see '" + log() + "'");
  }
}
