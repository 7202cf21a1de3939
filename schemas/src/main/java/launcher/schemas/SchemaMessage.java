package launcher.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the validator's sentences into ours: the value in question, the nearest spelling. */
final class SchemaMessage {
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern ATTRIBUTE = Pattern.compile("attribute \"([^\"]*)\"");

  private static final Pattern END_TAG = Pattern.compile("the element end-tag(, | or )");

  private SchemaMessage() {}

  /**
   * The message in our words.
   *
   * @param element where the validator stands
   * @param validatorMessage what it says, names in double quotes, the offending one first
   */
  static String reword(XmlElement element, String validatorMessage) {
    String message = END_TAG.matcher(validatorMessage).replaceAll("");
    String text = message.replace('"', '\'');
    int semicolon = message.indexOf(';');
    String subject = semicolon < 0 ? message : message.substring(0, semicolon);
    String expected = semicolon < 0 ? "" : message.substring(semicolon);
    Matcher attribute = ATTRIBUTE.matcher(subject);
    if (subject.startsWith("value of attribute") && attribute.find()) {
      String name = attribute.group(1);
      String value = element.attribute(name, "");
      text =
          "invalid value '%s' of attribute '%s' in element '%s'%s"
              .formatted(value, name, element.qualifiedName(), expected.replace('"', '\''));
      return text + suggestion(value, expected);
    }
    if (subject.startsWith("character content") || subject.startsWith("text not allowed")) {
      return "invalid text '%s' in element '%s'%s"
              .formatted(element.text(), element.qualifiedName(), expected.replace('"', '\''))
          + suggestion(element.text(), expected);
    }
    Matcher name = QUOTED.matcher(subject);
    return name.find() ? text + suggestion(name.group(1), expected) : text;
  }

  private static String suggestion(String written, String expected) {
    List<String> known = new ArrayList<>();
    Matcher names = QUOTED.matcher(expected);
    while (names.find()) {
      known.add(names.group(1));
    }
    Optional<String> nearest = Spelling.nearest(written, known);
    return nearest.map(n -> " (did you mean '" + n + "'?)").orElse("");
  }
}
