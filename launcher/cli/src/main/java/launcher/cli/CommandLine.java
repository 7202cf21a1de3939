package launcher.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Outcome;

/** Reads the words after {@code launcher}: options anywhere, {@code --} ends them, as in virsh. */
final class CommandLine {
  private final List<String> words;
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final Map<String, List<String>> named = new LinkedHashMap<>();
  private final List<String> plain = new ArrayList<>();
  private Options options;
  private Optional<Verb> verb = Optional.empty();
  private int next;

  private CommandLine(List<String> words, Options options) {
    this.words = words;
    this.options = options;
  }

  /**
   * Reads all words.
   *
   * @throws ControlException when one is not understood
   */
  static CommandLine read(List<String> words, Map<String, String> environment) {
    CommandLine line = new CommandLine(words, Options.initial(environment));
    boolean optionsEnded = false;
    while (line.next < words.size()) {
      String word = words.get(line.next++);
      if (optionsEnded || !word.startsWith("-") || word.equals("-")) {
        line.word(word);
      } else if (word.equals("--")) {
        optionsEnded = true;
      } else {
        line.option(word);
      }
    }
    return line;
  }

  Options options() {
    return options;
  }

  Optional<Verb> verb() {
    return verb;
  }

  /**
   * The invocation, after the check that each required operand is there and no word is too many.
   */
  Invocation invocation(Verb called, Output output, Session session) {
    return new Invocation(called, options, values, assigned(called), output, session);
  }

  private void word(String word) {
    if (verb.isPresent()) {
      plain.add(word);
      return;
    }
    verb = Optional.of(Families.get(word));
  }

  private void option(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    Optional<String> attached =
        equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
    switch (name) {
      case "--root" -> options = options.withRoot(attached.orElseGet(() -> following(name)));
      case "--system" -> options = options.withSystem();
      case "--connect", "-c" ->
          options = options.withConnection(attached.orElseGet(() -> following(name)));
      case "--json" -> options = options.withJson();
      case "--quiet", "-q" -> options = options.withQuiet();
      case "--help", "-h" -> options = options.withHelp();
      case "--version", "-V" -> word("version");
      default -> ownOption(name, attached);
    }
  }

  private void ownOption(String name, Optional<String> attached) {
    if (verb.isEmpty()) {
      throw new ControlException(
          Outcome.USAGE, "unknown option '" + name + "' before the verb; see 'launcher help'");
    }
    if (!name.startsWith("--")) {
      throw unknown(name);
    }
    String bare = name.substring(2);
    for (Option option : verb.get().options()) {
      if (option.name().equals(bare)) {
        take(option, attached);
        return;
      }
    }
    for (Operand operand : verb.get().operands()) {
      if (operand.name().equals(bare)) {
        named
            .computeIfAbsent(bare, _ -> new ArrayList<>())
            .add(attached.orElseGet(() -> following(name)));
        return;
      }
    }
    throw unknown(name);
  }

  private void take(Option option, Optional<String> attached) {
    List<String> given = values.computeIfAbsent(option.name(), _ -> new ArrayList<>());
    if (!option.isFlag()) {
      given.add(attached.orElseGet(() -> following("--" + option.name())));
    } else if (attached.isPresent()) {
      throw new ControlException(Outcome.USAGE, "option '--" + option.name() + "' takes no value");
    }
  }

  private String following(String name) {
    if (next >= words.size()) {
      throw new ControlException(Outcome.USAGE, "option '" + name + "' needs a value");
    }
    return words.get(next++);
  }

  private ControlException unknown(String name) {
    Verb called = verb.orElseThrow();
    List<String> known = new ArrayList<>();
    called.options().forEach(option -> known.add("--" + option.name()));
    called.operands().forEach(operand -> known.add("--" + operand.name()));
    return new ControlException(
        Outcome.USAGE,
        "'"
            + called.name()
            + "' has no option '"
            + name
            + "'"
            + Spelling.hint(name, known)
            + "; see 'launcher help "
            + called.name()
            + "'");
  }

  private Map<String, List<String>> assigned(Verb called) {
    Map<String, List<String>> assigned = new LinkedHashMap<>(named);
    int used = 0;
    for (Operand operand : called.operands()) {
      if (operand.repeated()) {
        List<String> rest = new ArrayList<>(named.getOrDefault(operand.name(), List.of()));
        rest.addAll(plain.subList(used, plain.size()));
        used = plain.size();
        if (!rest.isEmpty()) {
          assigned.put(operand.name(), List.copyOf(rest));
        }
      } else if (!assigned.containsKey(operand.name()) && used < plain.size()) {
        assigned.put(operand.name(), List.of(plain.get(used++)));
      }
      if (operand.required() && !assigned.containsKey(operand.name())) {
        throw new ControlException(
            Outcome.USAGE,
            "'"
                + called.name()
                + "' needs <"
                + operand.name()
                + ">; see 'launcher help "
                + called.name()
                + "'");
      }
    }
    if (used < plain.size()) {
      throw new ControlException(
          Outcome.USAGE, "'" + called.name() + "' takes no further word '" + plain.get(used) + "'");
    }
    return assigned;
  }
}
