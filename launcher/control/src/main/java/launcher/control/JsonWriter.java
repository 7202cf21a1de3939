package launcher.control;

import java.util.List;
import java.util.Map;

/** Writes a JSON value: on one line for the wire, indented for people. */
public final class JsonWriter {
  private static final String HEXADECIMAL = "0123456789abcdef";

  private final StringBuilder text = new StringBuilder(256);
  private final boolean indented;

  private JsonWriter(boolean indented) {
    this.indented = indented;
  }

  /** The value on one line, without a line break anywhere. */
  public static String line(Json value) {
    return new JsonWriter(false).append(value, 0).text.toString();
  }

  /** The value indented by two spaces a level, without a final line break. */
  public static String indented(Json value) {
    return new JsonWriter(true).append(value, 0).text.toString();
  }

  private JsonWriter append(Json value, int depth) {
    // Not a switch over types: see Json.of.
    if (value instanceof Json.Text(String string)) {
      string(string);
    } else if (value instanceof Json.Whole(long number)) {
      text.append(number);
    } else if (value instanceof Json.Real(double number)) {
      text.append(number);
    } else if (value instanceof Json.Bool(boolean flag)) {
      text.append(flag);
    } else if (value instanceof Json.Array(List<Json> items)) {
      array(items, depth);
    } else if (value instanceof Json.Members(Map<String, Json> members)) {
      members(members, depth);
    } else {
      text.append("null");
    }
    return this;
  }

  private void array(List<Json> items, int depth) {
    text.append('[');
    String separator = "";
    for (Json item : items) {
      text.append(separator);
      newLine(depth + 1);
      append(item, depth + 1);
      separator = ",";
    }
    end(items.isEmpty(), depth, ']');
  }

  private void members(Map<String, Json> members, int depth) {
    text.append('{');
    String separator = "";
    for (Map.Entry<String, Json> member : members.entrySet()) {
      text.append(separator);
      newLine(depth + 1);
      string(member.getKey());
      text.append(indented ? ": " : ":");
      append(member.getValue(), depth + 1);
      separator = ",";
    }
    end(members.isEmpty(), depth, '}');
  }

  private void end(boolean empty, int depth, char bracket) {
    if (!empty) {
      newLine(depth);
    }
    text.append(bracket);
  }

  private void newLine(int depth) {
    if (indented) {
      text.append('\n').repeat("  ", depth);
    }
  }

  private void string(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      character(string.charAt(i));
    }
    text.append('"');
  }

  private void character(char character) {
    switch (character) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        // Lone surrogates have no UTF-8: they travel as escapes, so that any Java string survives.
        if (character < 0x20 || character == 0x7f || Character.isSurrogate(character)) {
          escape(character);
        } else {
          text.append(character);
        }
      }
    }
  }

  private void escape(char character) {
    text.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      text.append(HEXADECIMAL.charAt((character >> shift) & 0xf));
    }
  }
}
