package launcher.cli;

import java.util.ArrayList;
import java.util.List;

/** What {@code launcher help} prints. */
final class Help {
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

  private static String everywhere() {
    StringBuilder text = new StringBuilder();
    line(text, "--json", "answer with a JSON document");
    line(text, "--root <folder>", "keep everything under this folder (or LAUNCHER_ROOT)");
    line(text, "--quiet", "print results only");
    line(text, "--help", "explain the verb");
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
