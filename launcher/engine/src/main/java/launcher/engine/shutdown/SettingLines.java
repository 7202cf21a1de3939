package launcher.engine.shutdown;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import launcher.engine.EngineException;

/**
 * A file of {@code name = value} lines: read with all its problems at once, as data and nothing
 * else.
 */
final class SettingLines {
  /** One setting and where it stands. */
  private record Setting(String value, int line) {}

  private final String file;
  private final Map<String, Setting> settings = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  SettingLines(String file, String text) {
    this.file = file;
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String stripped = line.strip();
      int equals = stripped.indexOf('=');
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      if (equals < 1) {
        problem(number, "expected 'name = value'");
        continue;
      }
      String name = stripped.substring(0, equals).strip();
      if (settings.put(name, new Setting(stripped.substring(equals + 1).strip(), number)) != null) {
        problem(number, "'" + name + "' is set twice");
      }
    }
  }

  /** The value of a setting; what is wrong with it is kept for {@link #check}. */
  <T> T value(String name, Function<String, T> reader, T usual) {
    Setting setting = settings.get(name);
    if (setting == null) {
      return usual;
    }
    try {
      return reader.apply(setting.value());
    } catch (IllegalArgumentException e) {
      problem(setting.line(), String.valueOf(e.getMessage()));
      return usual;
    }
  }

  /**
   * Ends the reading.
   *
   * @param known every name that may be set
   * @throws EngineException with every problem, one a line
   */
  void check(Set<String> known) {
    settings.forEach((name, setting) -> {
      if (!known.contains(name)) {
        problem(setting.line(), "'" + name + "' is none of " + String.join(", ", known));
      }
    });
    if (!problems.isEmpty()) {
      throw new EngineException(EngineException.Kind.INVALID, String.join("\n", problems));
    }
  }

  private void problem(int line, String message) {
    problems.add(file + ":" + line + ": " + message);
  }
}
