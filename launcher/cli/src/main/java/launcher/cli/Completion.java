package launcher.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import launcher.control.Client;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/**
 * The verb {@code complete}: what the last word may become, one a line, for the completion of a
 * shell ({@code share/bash-completion}). Names of guests and networks are asked of a daemon that
 * runs; none is started for it. Nothing is said where a file is meant: the shell knows files.
 *
 * @param invocation the call; its words are what was typed after {@code launcher}
 */
record Completion(Invocation invocation) {

  Outcome run() throws IOException {
    List<String> words = invocation.operands("word");
    String last = words.isEmpty() ? "" : words.getLast();
    List<String> before = words.isEmpty() ? List.of() : words.subList(0, words.size() - 1);
    try {
      for (String candidate : candidates(before, last)) {
        if (candidate.startsWith(last) && candidate.chars().noneMatch(Character::isISOControl)) {
          invocation.output().line(candidate);
        }
      }
    } catch (ControlException _) {
      // no names then: a completion has nobody to tell of a failure
    }
    return Outcome.DONE;
  }

  private List<String> candidates(List<String> before, String last) throws IOException {
    Optional<Verb> verb = Optional.empty();
    List<String> plain = new ArrayList<>();
    Optional<Option> open = Optional.empty();
    for (String word : before) {
      if (open.isPresent()) {
        open = Optional.empty();
      } else if (word.startsWith("-")) {
        open = option(verb, word).filter(option -> !option.isFlag());
      } else if (verb.isEmpty()) {
        verb = Families.find(word);
        if (verb.isEmpty()) {
          return List.of();
        }
      } else {
        plain.add(word);
      }
    }
    if (open.isPresent()) {
      return List.of();
    }
    if (last.startsWith("-")) {
      return options(verb).map(option -> "--" + option.name()).toList();
    }
    return verb.isEmpty() ? Help.allNames() : words(verb.get(), plain);
  }

  private static Stream<Option> options(Optional<Verb> verb) {
    return Stream.concat(
        verb.stream().flatMap(called -> called.options().stream()), Help.EVERYWHERE.stream());
  }

  private static Optional<Option> option(Optional<Verb> verb, String word) {
    return options(verb).filter(option -> word.equals("--" + option.name())).findFirst();
  }

  /** What the operand that comes next may be. */
  private List<String> words(Verb verb, List<String> plain) throws IOException {
    List<Operand> operands = verb.operands();
    if (operands.isEmpty()) {
      return List.of();
    }
    Operand operand = operands.get(Math.min(plain.size(), operands.size() - 1));
    if (plain.size() >= operands.size() && !operand.repeated()) {
      return List.of();
    }
    return switch (operand.name()) {
      case "verb" -> Help.allNames();
      case Requests.DOMAIN -> ask("list", Json.object("all", true, "form", "rows"), "name");
      case NetworkVerbs.NETWORK -> ask("net-list", Json.object(), "name");
      case "secret" -> ask("secret-list", Json.object(), "uuid");
      case "snapshotname" -> ask("snapshot-list", Json.object("guest", plain.getFirst()), "name");
      default -> operand.name().contains("|") ? List.of(operand.name().split("\\|")) : List.of();
    };
  }

  private List<String> ask(String request, Members about, String member) throws IOException {
    Optional<Client> daemon = invocation.session().clientIfRunning();
    if (daemon.isEmpty()) {
      return List.of();
    }
    return Requests.rows(daemon.get().ask(request, about)).stream()
        .map(row -> row.findText(member).orElse(""))
        .filter(name -> !name.isEmpty())
        .toList();
  }
}
