package launcher.cli;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import launcher.spawn.UnicodeNames;

/** Calls in a locale whose letters are ASCII's, when other letters are in them. */
final class NarrowLocale {
  private static final String UTF_8 = "UTF-8";

  /** They read the XML themselves, so that any file may be named there. */
  private static final List<String> READERS = List.of("domxml-to-native", "domxml-from-native");

  private NarrowLocale() {}

  /** Begins the command anew in another locale when this one would misread what was said. */
  static void leave(List<String> words, Map<String, String> environment) {
    if (UTF_8.equals(System.getProperty("sun.jnu.encoding")) || !UnicodeNames.missing()) {
      return;
    }
    if (hasOtherLetters(words)
        || hasOtherLetters(environment.values())
        || hasOtherLetters(List.of(System.getProperty("user.dir", "")))
        || READERS.stream().anyMatch(words::contains)) {
      try {
        UnicodeNames.beginAnew();
      } catch (IOException _) {
        // /proc is not there: then it is as it is, and a file that cannot be named is told of
      }
    }
  }

  private static boolean hasOtherLetters(Collection<String> texts) {
    return texts.stream().anyMatch(text -> text.chars().anyMatch(letter -> letter > 0x7f));
  }
}
