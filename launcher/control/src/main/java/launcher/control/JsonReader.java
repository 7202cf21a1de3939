package launcher.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON value from a text; strict, and limited in depth. */
public final class JsonReader {
  /** Deeper values are refused, so that a hostile peer cannot exhaust the stack. */
  private static final int MAXIMUM_DEPTH = 64;

  private final String text;
  private final int mostValues;
  private int position;
  private int values;

  private JsonReader(String text, int mostValues) {
    this.text = text;
    this.mostValues = mostValues;
  }

  /**
   * Reads a value that fills the whole text.
   *
   * @throws ControlException when the text is not JSON, naming the position
   */
  public static Json read(String text) {
    return read(text, Integer.MAX_VALUE);
  }

  /**
   * Reads a value from somebody who is trusted with little memory: an empty object takes fifty
   * times the room of its text.
   *
   * @param mostValues counting those inside of others
   * @throws ControlException when the text is not JSON or has more values
   */
  public static Json read(String text, int mostValues) {
    JsonReader reader = new JsonReader(text, mostValues);
    Json value = reader.value(0);
    reader.blanks();
    if (reader.position < text.length()) {
      throw reader.unexpected("the end");
    }
    return value;
  }

  private Json value(int depth) {
    if (depth > MAXIMUM_DEPTH) {
      throw unexpected("a value less than " + MAXIMUM_DEPTH + " levels deep");
    }
    if (++values > mostValues) {
      throw new ControlException(
          Outcome.USAGE, "a message of more than " + mostValues + " values is refused");
    }
    blanks();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Text(string());
      case 't' -> word("true", new Json.Bool(true));
      case 'f' -> word("false", new Json.Bool(false));
      case 'n' -> word("null", Json.Null.NULL);
      default -> number();
    };
  }

  private Json object(int depth) {
    Map<String, Json> members = new LinkedHashMap<>();
    position++;
    blanks();
    if (peek() == '}') {
      position++;
      return new Json.Members(members);
    }
    do {
      blanks();
      String name = string();
      blanks();
      expect(':');
      members.put(name, value(depth + 1));
    } while (anotherAfterComma('}'));
    return new Json.Members(members);
  }

  private Json array(int depth) {
    List<Json> items = new ArrayList<>();
    position++;
    blanks();
    if (peek() == ']') {
      position++;
      return new Json.Array(items);
    }
    do {
      items.add(value(depth + 1));
    } while (anotherAfterComma(']'));
    return new Json.Array(items);
  }

  private boolean anotherAfterComma(char end) {
    blanks();
    if (peek() == ',') {
      position++;
      return true;
    }
    expect(end);
    return false;
  }

  private String string() {
    expect('"');
    // by leaps from escape to escape: a young JVM is slow at every single character
    int end = quote();
    int escape = text.indexOf('\\', position, end);
    if (escape < 0 && end < text.length()) {
      String plain = text.substring(position, end);
      position = end + 1;
      return plain;
    }
    StringBuilder result = new StringBuilder();
    while (escape >= 0) {
      result.append(text, position, escape);
      position = escape + 1;
      result.append(escaped());
      if (end < position) {
        end = quote(); // the one that was found is part of the text
      }
      escape = text.indexOf('\\', position, end);
    }
    result.append(text, position, end);
    position = end;
    expect('"');
    return result.toString();
  }

  private int quote() {
    int found = text.indexOf('"', position);
    return found < 0 ? text.length() : found;
  }

  private char escaped() {
    char escape = peek();
    position++;
    return switch (escape) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\', '/' -> escape;
      case 'u' -> hexadecimal();
      default -> throw unexpected("an escape");
    };
  }

  private char hexadecimal() {
    if (position + 4 > text.length()) {
      throw unexpected("four hexadecimal digits");
    }
    try {
      char character = (char) Integer.parseInt(text, position, position + 4, 16);
      position += 4;
      return character;
    } catch (NumberFormatException e) {
      throw unexpected("four hexadecimal digits");
    }
  }

  private Json number() {
    int start = position;
    boolean whole = true;
    while (position < text.length() && "+-.eE0123456789".indexOf(text.charAt(position)) >= 0) {
      whole &= ".eE".indexOf(text.charAt(position)) < 0;
      position++;
    }
    String digits = text.substring(start, position);
    try {
      return whole
          ? new Json.Whole(Long.parseLong(digits))
          : new Json.Real(Double.parseDouble(digits));
    } catch (NumberFormatException e) {
      position = start;
      throw unexpected("a value");
    }
  }

  private Json word(String word, Json value) {
    if (!text.startsWith(word, position)) {
      throw unexpected(word);
    }
    position += word.length();
    return value;
  }

  private void blanks() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private char peek() {
    if (position >= text.length()) {
      throw unexpected("more");
    }
    return text.charAt(position);
  }

  private void expect(char character) {
    if (peek() != character) {
      throw unexpected("'" + character + "'");
    }
    position++;
  }

  private ControlException unexpected(String wanted) {
    return new ControlException(
        Outcome.USAGE, "not JSON: " + wanted + " expected at character " + (position + 1));
  }
}
