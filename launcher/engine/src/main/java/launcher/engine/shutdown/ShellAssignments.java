package launcher.engine.shutdown;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file of assignments that is meant for a shell ({@code NAME='a' OTHER=b # comment}), read as
 * data: quotes, comments, continued lines and the value of a name that the file itself set before
 * are understood; whatever a shell would run, look up elsewhere or expand is refused with its line.
 */
final class ShellAssignments {
  /** Characters that end a word or mean something to a shell where they are not quoted. */
  private static final String SPECIAL = "()<>|&;`\n\t ";

  private final String file;
  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private int at;
  private int line = 1;

  private ShellAssignments(String file, String text) {
    this.file = file;
    this.text = text.replace("\r\n", "\n");
  }

  /** One wrong statement: the rest of its line is skipped. */
  private static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;

    Wrong(String message) {
      super(message);
    }
  }

  /**
   * Reads a file.
   *
   * @param file its name, for problems
   * @return the value of each name, the last assignment counts
   * @throws IllegalArgumentException naming every line that is no plain assignment
   */
  static Map<String, String> parse(String text, String file) {
    ShellAssignments reader = new ShellAssignments(file, text);
    reader.statements();
    if (!reader.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.problems));
    }
    return reader.values;
  }

  private void statements() {
    while (blanksAndComments()) {
      int begun = line;
      try {
        assignment();
      } catch (Wrong e) {
        problems.add(file + ":" + begun + ": " + e.getMessage() + ", and no shell reads it here");
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
      }
    }
  }

  /** Goes to the next word; false at the end. */
  private boolean blanksAndComments() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
      } else if (c == '\n') {
        line++;
        at++;
      } else if (text.startsWith("\\\n", at)) {
        line++;
        at += 2;
      } else if (c == ' ' || c == '\t' || c == ';') {
        at++;
      } else {
        return true;
      }
    }
    return false;
  }

  private void assignment() {
    String name = name().orElseThrow(() -> new Wrong("not a plain NAME=value"));
    if (name.equals("export") && at < text.length() && " \t".indexOf(text.charAt(at)) >= 0) {
      return; // what follows is an assignment, or is refused as one
    }
    if (at >= text.length() || text.charAt(at) != '=') {
      throw new Wrong("not a plain NAME=value");
    }
    at++;
    values.put(name, word());
  }

  private Optional<String> name() {
    int begin = at;
    while (at < text.length() && isOfName(text.charAt(at), at > begin)) {
      at++;
    }
    return at == begin ? Optional.empty() : Optional.of(text.substring(begin, at));
  }

  private static boolean isOfName(char c, boolean inside) {
    return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || inside && isDigit(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'') {
        word.append(single());
      } else if (c == '"') {
        doubled(word);
      } else if (c == '\\') {
        escaped(word, false);
      } else if (c == '$') {
        word.append(variable());
      } else if ("()<>|&`".indexOf(c) >= 0) {
        throw new Wrong("'" + c + "' would make a shell run or redirect something");
      } else if (SPECIAL.indexOf(c) >= 0) {
        return word.toString();
      } else {
        word.append(c);
        at++;
      }
    }
    return word.toString();
  }

  private String single() {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw new Wrong("a quote is not closed");
    }
    String inside = text.substring(at + 1, end);
    line += (int) inside.chars().filter(c -> c == '\n').count();
    at = end + 1;
    return inside;
  }

  private void doubled(StringBuilder word) {
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at);
      if (c == '\\') {
        escaped(word, true);
      } else if (c == '$') {
        word.append(variable());
      } else if (c == '`') {
        throw new Wrong("'`' would make a shell run something");
      } else {
        line += c == '\n' ? 1 : 0;
        word.append(c);
        at++;
      }
    }
    if (at >= text.length()) {
      throw new Wrong("a quote is not closed");
    }
    at++;
  }

  /** A backslash: before a line's end it continues the line, between double quotes it may stay. */
  private void escaped(StringBuilder word, boolean quoted) {
    if (at + 1 >= text.length()) {
      throw new Wrong("a backslash stands at the end");
    }
    char next = text.charAt(at + 1);
    at += 2;
    if (next == '\n') {
      line++;
      return;
    }
    if (quoted && "\"\\$`".indexOf(next) < 0) {
      word.append('\\');
    }
    word.append(next);
  }

  /** {@code $NAME} or {@code ${NAME}} of a name that this very file has set. */
  private String variable() {
    at++;
    boolean braces = at < text.length() && text.charAt(at) == '{';
    at += braces ? 1 : 0;
    String name =
        name().orElseThrow(() -> new Wrong("'$' would make a shell expand or run something"));
    if (braces) {
      if (at >= text.length() || text.charAt(at) != '}') {
        throw new Wrong("'${" + name + "…' would make a shell expand something");
      }
      at++;
    }
    return Optional.ofNullable(values.get(name))
        .orElseThrow(() -> new Wrong("'$" + name + "' is not set in this file"));
  }
}
