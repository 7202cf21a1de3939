package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

/** What guests say on their terminals. */
final class Terminals {
  private Terminals() {}

  /** Reads until a word was said; returns all that was. */
  static String readUntil(Console console, String word) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(word) < 0) {
      int b = console.output().read();
      assertTrue(b >= 0, "the console ended after: " + seen);
      seen.append((char) b);
    }
    return seen.toString();
  }

  /** Waits until a guest's first terminal has said a word. */
  static void awaitWord(Guest guest, String word) throws IOException {
    try (Console console = guest.console("", true)) {
      readUntil(console, word);
    }
  }
}
