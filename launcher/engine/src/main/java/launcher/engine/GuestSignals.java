package launcher.engine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import launcher.engine.EngineException.Kind;
import launcher.engine.host.InitProcess;
import launcher.engine.host.ProcessDescriptor;
import launcher.engine.lxc.ContainerRunning;

/** Signals to the processes inside a container, by the numbers they have there. */
final class GuestSignals {
  private static final Path PROCESSES = Path.of("/proc");

  private GuestSignals() {}

  static void send(Guest guest, long process, int signal) {
    if (!(guest.life().running().running() instanceof ContainerRunning)) {
      throw new EngineException(
          Kind.INVALID,
          "guest '" + guest.name() + "' is no container of LXC: its processes are its own affair");
    }
    int first =
        InitProcess.of(guest.life().running().record().pid())
            .orElseThrow(() ->
                new EngineException(
                    Kind.WRONG_STATE, "the first process of '" + guest.name() + "' has ended"));
    try {
      Path inside = namespace(first);
      int found = process == 1 ? first : find(guest, process, inside);
      try (ProcessDescriptor target = ProcessDescriptor.of(found)) {
        // the number may have gone to another meanwhile
        if (!namespace(found).equals(inside)) {
          throw missing(guest, process);
        }
        target.signal(signal);
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "process "
              + process
              + " of guest '"
              + guest.name()
              + "' takes no signal "
              + signal
              + ": "
              + EngineException.reason(e),
          e);
    }
  }

  private static Path namespace(int pid) throws IOException {
    return Files.readSymbolicLink(PROCESSES.resolve(pid + "/ns/pid"));
  }

  private static int find(Guest guest, long process, Path inside) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path folder : all) {
        int pid = Integer.parseInt(String.valueOf(folder.getFileName()));
        if (within(pid, inside) && numberInside(folder).equals(Optional.of(process))) {
          return pid;
        }
      }
    }
    throw missing(guest, process);
  }

  private static boolean within(int pid, Path inside) {
    try {
      return namespace(pid).equals(inside);
    } catch (IOException ended) {
      return false;
    }
  }

  /** The last number of {@code NSpid} is that of the innermost namespace (proc(5)). */
  private static Optional<Long> numberInside(Path folder) {
    try {
      return Files.readAllLines(folder.resolve("status")).stream()
          .filter(line -> line.startsWith("NSpid:"))
          .map(line -> Long.valueOf(line.substring(line.lastIndexOf('\t') + 1).strip()))
          .findFirst();
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  private static EngineException missing(Guest guest, long process) {
    return new EngineException(
        Kind.NOT_FOUND, "guest '" + guest.name() + "' has no process " + process);
  }
}
