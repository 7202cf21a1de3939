package launcher.cli.install;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A program of the tree: one executable line that names the JVM and a file of its arguments, so
 * that the kernel starts the JVM itself and no shell is needed.
 *
 * @param file where it lies, below the tree's home
 * @param mainClass its main class
 * @param options of its JVM
 */
record Program(String file, String mainClass, List<String> options) {
  /**
   * What the kernel reads of a {@code #!} line, its end included (BINPRM_BUF_SIZE, Linux 5.1 on).
   */
  private static final int LONGEST_FIRST_LINE = 255;

  /** Of a file that everybody reads and its owner writes. */
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  /**
   * Small heap, one collector thread, the quick compiler only, and that late: a command lives for
   * milliseconds. Its archive lies where it was made for: moving its pages costs a tenth of the
   * command's time, and the command has nothing that an attacker could look for at a fixed address.
   * The limits are these options and not the control group's.
   */
  static final Program COMMAND =
      new Program(
          "bin/launcher",
          "launcher.cli.Main",
          List.of(
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-XX:CompileThresholdScaling=10",
              "-XX:+UnlockDiagnosticVMOptions",
              "-XX:ArchiveRelocationMode=0",
              "-XX:-UsePerfData",
              "-XX:-UseContainerSupport",
              // see KernelRandom
              "--add-exports=java.base/sun.security.jca=ALL-UNNAMED",
              "-Xmx256m"));

  /**
   * A small heap that is given back, one collector thread, the quick compiler only, and what the C
   * library has hoarded given back too: the daemon waits for QEMU most of its life. Its archive is
   * not moved either: moving makes each page of it the daemon's own, and so keeps it in memory.
   * What lies at a known address then is descriptions of classes, no code; the heap's address is
   * the JVM's usual one anyway.
   */
  static final Program DAEMON =
      new Program(
          "libexec/launcherd",
          "launcher.daemon.Main",
          List.of(
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-XX:-UsePerfData",
              "-Xms8m",
              "-Xmx64m",
              "-Xmn2m",
              "-Xss512k",
              // of each thread's stack, pages that are touched ahead: the least the JVM takes
              "-XX:StackShadowPages=10",
              "-XX:MinHeapFreeRatio=10",
              "-XX:MaxHeapFreeRatio=20",
              "-XX:-ShrinkHeapInSteps",
              "-XX:TrimNativeHeapInterval=10000",
              "-XX:+UnlockDiagnosticVMOptions",
              "-XX:ArchiveRelocationMode=0",
              // dbus-java logs by it, and nobody listens
              "-Dslf4j.internal.verbosity=ERROR",
              "-XX:+ExitOnOutOfMemoryError",
              "-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%6$s%n"));

  private String name() {
    return Path.of(file).getFileName().toString();
  }

  /** The archive of these classes; its name changes with any byte of any jar and with the JVM. */
  Path archive(Path home, String fingerprint) {
    return home.resolve("lib").resolve(name() + "-" + fingerprint + ".jsa");
  }

  /** The JVM's words before the main class, without the archive. */
  List<String> jvmWords(Path home, List<Path> jars) {
    List<String> words = new ArrayList<>(options);
    // Nothing of the VM's may appear on standard output; a refused archive only costs time.
    words.add("-Xlog:disable");
    // Named, or the JVM looks for one in every jar of the class path before its first socket.
    words.add(
        "-Djava.nio.channels.spi.SelectorProvider="
            + SelectorProvider.provider().getClass().getName());
    // Reflection by native code: the JDK reads its own settings by reflection, loads its source of
    // random numbers so, and spins a class for each use else; JAXB and jnr follow. Calls of C keep
    // their made classes: without them jnr hands over text that a collection may free meanwhile.
    words.add("-Djdk.reflect.useNativeAccessorOnly=true");
    words.add("--enable-native-access=ALL-UNNAMED");
    words.add("-Djffi.boot.library.path=" + home.resolve("libexec"));
    words.add("-Dlauncher.spawn.executor=" + home.resolve("libexec/spawn-executor"));
    words.add("-Dlauncher.home=" + home);
    words.add("-cp");
    words.add(String.join(":", classPath(home, jars).stream().map(Path::toString).toList()));
    return words;
  }

  /** The command names only the jars that it always needs, and the others by way of one. */
  private List<Path> classPath(Path home, List<Path> jars) {
    if (!equals(COMMAND)) {
      return jars;
    }
    List<Path> path = new ArrayList<>(jars.stream().filter(Program::isOfCommand).toList());
    path.add(JarOfJars.in(home.resolve("lib")));
    return path;
  }

  private static boolean isOfCommand(Path jar) {
    String name = String.valueOf(jar.getFileName());
    return Stream.of("launcher-cli-", "launcher-control-", "launcher-spawn-")
        .anyMatch(name::startsWith);
  }

  /** Writes the program and its arguments, whole or not at all. */
  void write(Path java, Path home, List<Path> jars, String fingerprint) throws IOException {
    Path arguments = home.resolve("lib").resolve(name() + ".args");
    String line = "#!" + java + " @" + arguments + "\n";
    if (java.toString().contains(" ")) {
      throw new IOException(
          "the JVM's path '" + java + "' has a blank, which a #! line cannot name");
    }
    if (line.getBytes(StandardCharsets.UTF_8).length > LONGEST_FIRST_LINE) {
      throw new IOException(
          "'"
              + home
              + "' is too long a path: the #! line would have more than "
              + LONGEST_FIRST_LINE
              + " bytes");
    }
    List<String> words = new ArrayList<>();
    words.add("-XX:SharedArchiveFile=" + archive(home, fingerprint));
    words.add("-XX:+AOTClassLinking");
    words.addAll(jvmWords(home, jars));
    words.add(mainClass);
    StringBuilder text = new StringBuilder();
    words.forEach(word -> text.append(quoted(word)).append('\n'));
    replace(arguments, bytes(text.toString()));
    replace(home.resolve(file), bytes(line), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A word of an argument file ({@code java} man page): quotes and backslashes are escaped. */
  private static String quoted(String word) {
    return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes a file that everybody may read, whole or not at all. */
  static void replace(Path target, byte[] content) throws IOException {
    replace(target, content, READABLE);
  }

  private static void replace(Path target, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("'" + target + "' has no folder");
    }
    Files.createDirectories(folder);
    Path fresh = Files.createTempFile(folder, ".new", "");
    Files.write(fresh, content);
    Files.setPosixFilePermissions(fresh, permissions);
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
