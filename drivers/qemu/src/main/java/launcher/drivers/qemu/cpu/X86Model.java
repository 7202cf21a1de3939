package launcher.drivers.qemu.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A named x86 CPU model: what QEMU's {@code -cpu NAME} shows a guest.
 *
 * @param name QEMU's name
 * @param vendor twelve letters, as CPUID tells them
 * @param features those that are on, in QEMU's names
 */
record X86Model(String name, String vendor, Set<String> features) {
  private static final List<X86Model> ALL = read();

  /** Copies the set. */
  X86Model {
    features = Set.copyOf(features);
  }

  /** All of them, by name. */
  static List<X86Model> all() {
    return ALL;
  }

  private static List<X86Model> read() {
    try (InputStream in = X86Model.class.getResourceAsStream("x86-models.txt")) {
      if (in == null) {
        throw new IllegalStateException("x86-models.txt is missing from the installation");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .map(X86Model::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static X86Model parse(String line) {
    List<String> words = List.of(line.split(" "));
    Set<String> features = new TreeSet<>(words.subList(2, words.size()));
    features.add("vme"); // every model has it
    return new X86Model(words.get(0), words.get(1), features);
  }
}
