package launcher.drivers.lxc.conversion;

import java.util.ArrayList;
import java.util.List;

/** The words of a command as LXC takes them apart: quotes around a whole word, no backslash. */
final class Words {
  private Words() {}

  static List<String> split(String command) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    for (char c : (command + " ").toCharArray()) {
      boolean ends = quote == 0 ? Character.isWhitespace(c) : c == quote;
      if (ends) {
        if (!word.isEmpty() || quote != 0) {
          words.add(word.toString());
        }
        word.setLength(0);
        quote = 0;
      } else if (quote == 0 && word.isEmpty() && (c == '"' || c == '\'')) {
        quote = c;
      } else {
        word.append(c);
      }
    }
    return List.copyOf(words);
  }
}
