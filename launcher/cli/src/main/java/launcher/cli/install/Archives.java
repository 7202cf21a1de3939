package launcher.cli.install;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import launcher.spawn.Child;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.RealSpawner;
import launcher.spawn.Spawner;
import launcher.spawn.StandardOutput;

/**
 * Makes the class-data archives (JEP 310) of the programs: each is run once on a folder of its own,
 * and what classes it loaded goes, parsed and linked, into its archive. Not an AOT cache (JEP 483):
 * JDK-8377932 lets that one serve classes of a jar that has changed; the JVM checks size and time
 * of every jar before it maps an archive of this kind.
 *
 * @param java the JVM's program
 * @param home the tree
 * @param jars its class path
 * @param fingerprint of the jars and the JVM
 */
record Archives(Path java, Path home, List<Path> jars, String fingerprint) {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  void make() throws IOException {
    Path folder = Files.createTempDirectory("launcher-install");
    try {
      Spawner spawner = new RealSpawner();
      Training training = new Training(folder, spawner);
      training.run();
      dump(spawner, Program.COMMAND, training.commandClasses());
      dump(spawner, Program.DAEMON, training.daemonClasses());
    } finally {
      delete(folder);
    }
  }

  private void dump(Spawner spawner, Program program, Path classes) throws IOException {
    Path archive = program.archive(home, fingerprint);
    Path fresh = archive.resolveSibling(archive.getFileName() + ".new");
    CommandBuilder command = jvm(program);
    command.add("-Xshare:dump", "-XX:+AOTClassLinking");
    command.add("-XX:SharedClassListFile=" + classes);
    command.add("-XX:SharedArchiveFile=" + fresh);
    spawner.run(command.capture().build(), LONGEST).orThrow();
    Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private CommandBuilder jvm(Program program) {
    return CommandSpec.of(java)
        .passing("PATH", "HOME", "TMPDIR")
        .addAll(program.jvmWords(home, jars));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Runs the programs and keeps the names of the classes they load. */
  private final class Training {
    private final Path folder;
    private final Spawner spawner;
    private final Set<String> classes = new LinkedHashSet<>();

    Training(Path folder, Spawner spawner) {
      this.folder = folder;
      this.spawner = spawner;
    }

    void run() throws IOException {
      CommandSpec daemon =
          listed(Program.DAEMON, home, daemonClasses())
              .add("launcherd", "--root", root(), "--detached")
              .output(new StandardOutput.Piped())
              .build();
      try (Child child = spawner.start(daemon)) {
        child.output().read(); // the first byte of "ready", or the end
        for (List<String> words : TrainingWords.in(folder)) {
          command(words, home);
        }
        TrainingWords.ask(folder.resolve("root/run/launcher.sock"));
        child.stop(LONGEST);
      }
      command(List.of("list"), TrainingWords.treeWithoutDaemon(folder));
      Files.write(commandClasses(), classes);
    }

    private void command(List<String> words, Path tree) throws IOException {
      Path list = folder.resolve("one.classes");
      CommandSpec command =
          listed(Program.COMMAND, tree, list)
              .add("launcher", "--root")
              .add(root())
              .addAll(words)
              .capture()
              .build();
      spawner.run(command, LONGEST); // a verb that fails trains the way of failures
      try (Stream<String> lines = Files.lines(list)) {
        lines.forEach(line -> classes.add(withoutNumber(line)));
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    /**
     * Each run numbers its classes anew; without numbers the lists of several runs fit together.
     */
    private static String withoutNumber(String line) {
      int number = line.startsWith("@") ? -1 : line.indexOf(" id: ");
      return number < 0 ? line : line.substring(0, number);
    }

    private CommandBuilder listed(Program program, Path tree, Path list) {
      return jvm(program)
          .add("-Dlauncher.home=" + tree, "-Xshare:off", "-XX:DumpLoadedClassList=" + list)
          .add(program.mainClass());
    }

    private String root() {
      return folder.resolve("root").toString();
    }

    Path commandClasses() {
      return folder.resolve("command.classes");
    }

    Path daemonClasses() {
      return folder.resolve("daemon.classes");
    }
  }
}
