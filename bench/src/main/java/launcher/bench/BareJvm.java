package launcher.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Java program that does nothing, with all that makes a JVM start fast: what no Java command can
 * undercut.
 */
final class BareJvm {
  private static List<String> command = List.of();

  private BareJvm() {}

  /** The program. */
  public static final class Nothing {
    private Nothing() {}

    /** Does nothing. */
    public static void main(String[] words) {}
  }

  /** Makes its archive of classes, as an installed launcher has one. */
  static void prepare(Path folder) throws Exception {
    String name = Nothing.class.getName();
    Path classes = folder.resolve("nothing.jar");
    Path home = Path.of(System.getProperty("java.home"), "bin");
    Path here = Path.of(BareJvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Commands.output(
        List.of(
            home.resolve("jar").toString(),
            "--create",
            "--file",
            classes.toString(),
            "-C",
            here.toString(),
            name.replace('.', '/') + ".class"));
    Path list = folder.resolve("nothing.classes");
    Path archive = folder.resolve("nothing.jsa");
    String java = home.resolve("java").toString();
    List<String> options =
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");
    Commands.output(
        words(java, options, "-Xshare:off", "-XX:DumpLoadedClassList=" + list, classes, name));
    Commands.output(
        words(
            java,
            options,
            "-Xshare:dump",
            "-XX:+AOTClassLinking",
            "-XX:SharedClassListFile=" + list,
            "-XX:SharedArchiveFile=" + archive,
            classes,
            name));
    if (!Files.exists(archive)) {
      throw new IllegalStateException("the bare JVM has no archive");
    }
    command =
        words(
            java,
            options,
            "-Xlog:disable",
            "-XX:+AOTClassLinking",
            "-XX:SharedArchiveFile=" + archive,
            classes,
            name);
  }

  private static List<String> words(String java, List<String> options, Object... more) {
    List<String> words = new ArrayList<>(List.of(java));
    words.addAll(options);
    for (int i = 0; i < more.length - 2; i++) {
      words.add(String.valueOf(more[i]));
    }
    words.addAll(List.of("-cp", String.valueOf(more[more.length - 2])));
    words.add(String.valueOf(more[more.length - 1]));
    return words;
  }

  static List<String> command() {
    return command;
  }
}
