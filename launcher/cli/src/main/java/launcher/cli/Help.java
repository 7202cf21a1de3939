package launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.control.Json;

/** What {@code launcher help} prints. */
final class Help {
  /** What may be said with every verb; {@link CommandLine} reads them. */
  static final List<Option> EVERYWHERE =
      List.of(
          new Option("json", Optional.empty(), "answer with a JSON document"),
          new Option(
              "root",
              Optional.of("folder"),
              "keep everything under this folder (or LAUNCHER_ROOT)"),
          new Option(
              "system", Optional.empty(), "ask the host's daemon, also as a plain user who may"),
          new Option("quiet", Optional.empty(), "print results only"),
          new Option("help", Optional.empty(), "explain the verb"));

  private Help() {}

  static List<String> allNames() {
    List<String> names = new ArrayList<>();
    Families.all().forEach(family -> names.addAll(family.names()));
    return names;
  }

  static String overview() {
    StringBuilder text = new StringBuilder("launcher [OPTION]... VERB [OPTION|WORD]...\n\n");
    text.append(everywhere());
    for (VerbFamily family : Families.all()) {
      text.append('\n').append(family.title()).append(":\n");
      for (String name : family.names()) {
        line(text, name, family.verb(name).summary());
      }
    }
    return text.append("\n'launcher help VERB' says more about one verb.\n").toString();
  }

  static String of(Verb verb) {
    StringBuilder text = new StringBuilder("launcher ").append(verb.name());
    for (Operand operand : verb.operands()) {
      String word = "<" + operand.name() + ">" + (operand.repeated() ? "..." : "");
      text.append(' ').append(operand.required() ? word : "[" + word + "]");
    }
    for (Option option : verb.options()) {
      text.append(" [").append(syntax(option)).append(']');
    }
    text.append("\n\n").append(verb.summary()).append("\n\n");
    for (Option option : verb.options()) {
      line(text, syntax(option), option.meaning());
    }
    return text.append(everywhere()).toString();
  }

  /** All verbs, for programs. */
  static Json table() {
    return Json.of(
        Families.all().stream()
            .map(family ->
                Json.object(
                    "title",
                    family.title(),
                    "verbs",
                    family.names().stream().map(name -> described(family.verb(name))).toList()))
            .toList());
  }

  /** One verb, for programs. */
  static Json described(Verb verb) {
    return Json.object(
        "name",
        verb.name(),
        "summary",
        verb.summary(),
        "operands",
        verb.operands().stream()
            .map(operand ->
                Json.object(
                    "name", operand.name(),
                    "required", operand.required(),
                    "repeated", operand.repeated()))
            .toList(),
        "options",
        verb.options().stream()
            .map(option ->
                Json.object(
                    "name", option.name(),
                    "value", option.value(),
                    "meaning", option.meaning()))
            .toList());
  }

  private static String everywhere() {
    StringBuilder text = new StringBuilder();
    EVERYWHERE.forEach(option -> line(text, syntax(option), option.meaning()));
    return text.toString();
  }

  private static String syntax(Option option) {
    return "--" + option.name() + option.value().map(value -> " <" + value + ">").orElse("");
  }

  private static void line(StringBuilder text, String left, String right) {
    text.append("  ").append(left).repeat(' ', Math.max(1, 26 - left.length()));
    text.append(right).append('\n');
  }
}
