package launcher.cli.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import launcher.cli.Manual;

/**
 * Completes the tree in a folder: writes {@code bin/launcher} and {@code libexec/launcherd} with
 * the absolute paths of this JVM and this folder, and makes their class-data archives. Run it again
 * when the folder moved or the JVM changed.
 */
public final class Install {
  private Install() {}

  /**
   * Completes a tree.
   *
   * @param words the tree's folder
   */
  public static void main(String... words) throws IOException {
    if (words.length != 1) {
      throw new IllegalArgumentException("usage: Install FOLDER");
    }
    complete(Path.of(words[0]).toAbsolutePath().normalize());
  }

  /** Completes the tree in that folder, which already holds lib and libexec. */
  public static void complete(Path home) throws IOException {
    List<Path> jars = jars(home);
    String fingerprint = Fingerprint.of(jars);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    removeOldArchives(home, fingerprint);
    JarOfJars.write(home.resolve("lib"), jars);
    for (Program program : List.of(Program.COMMAND, Program.DAEMON)) {
      program.write(java, home, jars, fingerprint);
    }
    writeUnits(home);
    writeManual(home);
    new Archives(java, home, jars, fingerprint).make();
  }

  /** The units name programs by absolute paths. */
  private static void writeUnits(Path home) throws IOException {
    Path folder = home.resolve("share/systemd");
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path template : files.filter(file -> file.toString().endsWith(".in")).toList()) {
        String name = template.getFileName().toString();
        Path unit = template.resolveSibling(name.substring(0, name.length() - ".in".length()));
        Files.writeString(unit, Files.readString(template).replace("@HOME@", inUnit(home)));
      }
    }
  }

  /**
   * As part of a program's name in a unit (systemd.syntax(7), systemd.unit(5)); systemd 252 takes
   * neither quotes nor backslashes there, however they are written.
   */
  static String inUnit(Path path) {
    return path.toString().replace("%", "%%").replace(" ", "\\x20");
  }

  private static void writeManual(Path home) throws IOException {
    Path folder = Files.createDirectories(home.resolve("share/man/man1"));
    Files.writeString(folder.resolve("launcher.1"), Manual.page());
  }

  /** The command's own jars come first: they are searched in order. */
  private static List<Path> jars(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      List<Path> jars =
          files
              .filter(file -> file.toString().endsWith(".jar") && !JarOfJars.is(file))
              .sorted(Install::compare)
              .toList();
      if (jars.isEmpty()) {
        throw new IOException("no jar lies in '" + home.resolve("lib") + "'");
      }
      return jars;
    }
  }

  private static int compare(Path one, Path other) {
    return rank(one).compareTo(rank(other));
  }

  private static String rank(Path jar) {
    String name = jar.getFileName().toString();
    List<String> first = List.of("launcher-cli", "launcher-control", "launcher-");
    int place = 0;
    while (place < first.size() && !name.startsWith(first.get(place))) {
      place++;
    }
    return String.format(Locale.ROOT, "%d %s", place, name);
  }

  private static void removeOldArchives(Path home, String fingerprint) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".jsa") && !name.endsWith("-" + fingerprint + ".jsa")) {
          Files.delete(file);
        }
      }
    }
  }
}
