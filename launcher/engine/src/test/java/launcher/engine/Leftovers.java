package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a guest has left on its host. */
final class Leftovers {
  private Leftovers() {}

  /**
   * No record, no run folder, no helper of any guest below the root, and no process of this one.
   */
  static void assertNone(Path root, Guest guest, String when) throws IOException {
    assertFalse(guest.state().active(), when);
    assertEmpty(root.resolve("run/runs"), when);
    assertEmpty(root.resolve("run/guests"), when);
    Path helpers = root.resolve("run/helpers");
    if (Files.exists(helpers)) {
      assertEmpty(helpers, when);
    }
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      List<Path> mine = processes.filter(process -> words(process).contains(guest.uuid())).toList();
      assertEquals(List.of(), mine, when);
    }
  }

  private static void assertEmpty(Path folder, String when) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(List.of(), all.toList(), when);
    }
  }

  private static String words(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"));
    } catch (IOException ended) {
      return "";
    }
  }
}
