package launcher.cli.install;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * A jar that holds the names of other jars and nothing else. The JVM makes each entry of its class
 * path canonical at every start, and what this jar names only when a class is looked for that the
 * archive does not hold; the archive's check of every jar's size and time is the same.
 */
final class JarOfJars {
  private static final String NAME = "launcher-others.jar";

  private JarOfJars() {}

  /** Whether that file is such a jar, and so none that others are named in. */
  static boolean is(Path jar) {
    return jar.endsWith(NAME);
  }

  /** The jar of a tree's library. */
  static Path in(Path library) {
    return library.resolve(NAME);
  }

  /**
   * Writes it, whole or not at all.
   *
   * @param jars those it names, which lie beside it
   */
  static void write(Path library, List<Path> jars) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(
        Attributes.Name.CLASS_PATH,
        jars.stream()
            .map(jar -> String.valueOf(jar.getFileName()))
            .collect(Collectors.joining(" ")));
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    new JarOutputStream(content, manifest).close();
    Program.replace(in(library), content.toByteArray());
  }
}
