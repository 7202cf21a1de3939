package launcher.daemon;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import launcher.control.SocketPlace;
import launcher.spawn.UnicodeNames;
import launcher.spawn.libc.Native;

/** The daemon's program, {@code libexec/launcherd}. */
public final class Main {
  private static final Logger LOG = Logger.getLogger("launcher.daemon");

  /** Group and others may look into what the daemon writes, but write nothing. */
  private static final int UMASK = 0022;

  private Main() {}

  /**
   * Serves until nobody needs the daemon or it gets a signal.
   *
   * @param words the path of the program (the kernel adds it for a {@code #!} file), then options
   */
  public static void main(String... words) {
    int status = 0;
    try {
      if (UnicodeNames.missing()) {
        UnicodeNames.beginAnew();
      }
      serve(DaemonOptions.of(Arrays.asList(words).subList(1, words.length)));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.SEVERE, "launcherd ends: " + e.getMessage(), e);
      System.out.println("error: " + e.getMessage());
      status = 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.exit(status);
  }

  private static void serve(DaemonOptions options) throws IOException, InterruptedException {
    Native.libc().umask(UMASK);
    if (options.detached()) {
      Native.libc()
          .setsid(); // fails only for a leader of a group, which then has its own session already
    }
    SocketPlace place = SocketPlace.of(options.root(), System.getenv());
    makeRuntime(place.runtime());
    if (!options.detached()) {
      serve(SingleDaemon.in(place.runtime()), place, options);
      return;
    }
    Optional<SingleDaemon> single = SingleDaemon.unlessServed(place.runtime(), place.socket());
    if (single.isPresent()) {
      serve(single.get(), place, options);
    } else {
      announce(options);
    }
  }

  private static void serve(SingleDaemon single, SocketPlace place, DaemonOptions options)
      throws IOException, InterruptedException {
    try (single;
        Daemon daemon = Daemon.open(place, options)) {
      Runtime.getRuntime().addShutdownHook(new Thread(daemon::close));
      announce(options);
      daemon.serve();
    }
  }

  private static void makeRuntime(Path runtime) throws IOException {
    if (Files.isDirectory(runtime)) {
      return;
    }
    Path parent = runtime.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    boolean root = SocketPlace.uid() == 0;
    Files.createDirectory(
        runtime,
        PosixFilePermissions.asFileAttribute(
            PosixFilePermissions.fromString(root ? "rwxr-xr-x" : "rwx------")));
  }

  /** The command that started us waits for this line, or for the end of the pipe. */
  private static void announce(DaemonOptions options) {
    if (options.detached()) {
      PrintStream out = System.out;
      out.println("ready");
      out.close();
    }
  }
}
