package launcher.spawn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The exact environment of a program: what is set here and what is passed on by name, nothing else.
 *
 * @param variables name to value, in the order they reach the program
 * @param passed names whose value is copied from the spawning process, where it has one
 */
public record Environment(Map<String, String> variables, List<String> passed) {
  private static final List<String> COMMON =
      List.of("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LD_PRELOAD", "LD_LIBRARY_PATH");

  public Environment {
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    passed = List.copyOf(passed);
    variables.forEach(Environment::check);
    passed.forEach(name -> check(name, ""));
  }

  private static void check(String name, String value) {
    Words.refuseNul("environment variable", name + value);
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException(
          "'" + name + "' cannot be the name of an environment variable");
    }
  }

  /** No variable at all. */
  public static Environment empty() {
    return new Environment(Map.of(), List.of());
  }

  /**
   * The common set for a tool: messages in English ({@code LC_ALL=C}), and PATH, HOME, USER, …
   * passed on.
   */
  public static Environment common() {
    return new Environment(Map.of("LC_ALL", "C"), COMMON);
  }

  /** Sets a variable; the last value of a name wins. */
  public Environment with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new Environment(more, passed);
  }

  /** Passes the spawning process's value on, if it has one when the program starts. */
  public Environment passing(String... names) {
    List<String> more = new ArrayList<>(passed);
    more.addAll(List.of(names));
    return new Environment(variables, more);
  }

  /**
   * What the program gets.
   *
   * @param parent the environment of the spawning process
   * @return {@code NAME=value} words; a variable that is set wins over one passed on
   */
  public List<String> resolve(Map<String, String> parent) {
    List<String> words = new ArrayList<>();
    variables.forEach((name, value) -> words.add(name + "=" + value));
    for (String name : new TreeSet<>(passed)) {
      String value = parent.get(name);
      if (value != null && !variables.containsKey(name)) {
        words.add(name + "=" + value);
      }
    }
    return words;
  }
}
