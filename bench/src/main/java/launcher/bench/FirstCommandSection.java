package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The first command of a plain user, which starts the daemon and gets its answer from it. */
record FirstCommandSection(Race race, Path tree) {
  private static final int RUNS = 7;
  private static final int NOBODY = 65534;
  private static final Path VIRSH = Path.of("/usr/bin/virsh");

  void run() throws Exception {
    Path program = tree.resolve("bin/launcher");
    for (int round = -1; round < RUNS; round++) {
      once(round, Report.OURS, List.of(program.toString(), "list", "--all"), "java");
      if (Files.isExecutable(VIRSH)) {
        List<String> virsh =
            List.of(VIRSH.toString(), "-q", "-c", "qemu:///session", "list", "--all");
        once(round, Acts.VIRSH, virsh, "libvirtd");
      }
    }
  }

  private void once(int round, String peer, List<String> command, String daemonProgram)
      throws Exception {
    Path home = home(peer + round);
    List<String> words =
        new ArrayList<>(
            List.of(
                "/usr/bin/setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                "/usr/bin/env",
                "-C",
                "/",
                "HOME=" + home,
                "XDG_RUNTIME_DIR=" + Files.createDirectory(home.resolve("run"))));
    own(home.resolve("run"));
    words.addAll(command);
    Stopwatch.Took took = race.stopwatch().run(words);
    long daemon = 0;
    for (long pid : daemons(daemonProgram)) {
      daemon += race.stopwatch().cpuNanos(List.of(pid));
      end(pid);
    }
    if (round >= 0) {
      race.report()
          .samples(Acts.FIRST_COMMAND, peer)
          .add(took.wallNanos(), took.cpuNanos() + daemon);
    }
  }

  private static void end(long pid) throws Exception {
    Optional<ProcessHandle> daemon = ProcessHandle.of(pid);
    if (daemon.isPresent()) {
      daemon.get().destroy();
      daemon.get().onExit().get(1, TimeUnit.MINUTES);
    }
  }

  private Path home(String name) throws IOException {
    Path home = Files.createDirectory(race.folder().resolve("home-" + name));
    own(home);
    return home;
  }

  private static void own(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    for (Map.Entry<String, Integer> id :
        Map.of("unix:uid", NOBODY, "unix:gid", NOBODY).entrySet()) {
      Files.setAttribute(folder, id.getKey(), id.getValue());
    }
  }

  /** Processes of that user and program. */
  private static List<Long> daemons(String program) throws IOException {
    List<Long> own = new ArrayList<>();
    for (long pid : DaemonFacts.pids(program, "")) {
      Path process = Path.of("/proc", Long.toString(pid));
      try {
        if ((Integer) Files.getAttribute(process, "unix:uid") == NOBODY) {
          own.add(pid);
        }
      } catch (IOException e) {
        // it has ended
      }
    }
    return own;
  }
}
