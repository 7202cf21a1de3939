package launcher.spawn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A command in writing. The quoting is that of POSIX shells, so that a person may paste it; nothing
 * in launcher ever gives it to one.
 */
public final class Rendering {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private Rendering() {}

  /** One line: {@code A=B /usr/bin/true F 'G H'}. Newlines in words stay what they are. */
  public static String line(CommandSpec command) {
    List<String> words = assignments(command);
    words.add(quote(command.program().toString()));
    command.words().forEach(word -> words.add(quote(word)));
    return String.join(" ", words);
  }

  /**
   * Several lines: each variable, the program, and each option with its values on a line of its
   * own.
   */
  public static String block(CommandSpec command) {
    List<String> lines = assignments(command);
    StringBuilder line = new StringBuilder(quote(command.program().toString()));
    boolean first = true;
    for (String word : command.words()) {
      boolean option = word.startsWith("-") && word.length() > 1;
      if (option || first) {
        lines.add(line.toString());
        line = new StringBuilder(quote(word));
      } else {
        line.append(' ').append(quote(word));
      }
      first = false;
    }
    lines.add(line.toString());
    return String.join(" \\\n", lines) + "\n";
  }

  /** Everything a person or a test may want to compare, as one JSON object on one line. */
  public static String json(CommandSpec command) {
    return JsonCommand.of(command);
  }

  private static List<String> assignments(CommandSpec command) {
    List<String> words = new ArrayList<>();
    for (Map.Entry<String, String> variable : command.environment().variables().entrySet()) {
      words.add(variable.getKey() + "=" + quote(variable.getValue()));
    }
    return words;
  }

  /** A word quoted where a shell would need it. */
  public static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
