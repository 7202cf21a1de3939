package launcher.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void whatIsWrittenIsReadBack() {
    Json value =
        Json.object(
            "text",
            "a\"b\\c\n\r\t\u0000\u007f\ud83d\ude00 é",
            "whole",
            Long.MIN_VALUE,
            "real",
            0.25,
            "flag",
            true,
            "list",
            List.of(1L, "two", List.of()),
            "map",
            Map.of("x", Json.object()));
    assertEquals(value, JsonReader.read(JsonWriter.line(value)));
    assertEquals(value, JsonReader.read(JsonWriter.indented(value)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"", "\\", "\\\"", "\"\\", "a\"", "a\\", "\"\"a\\\\b\"", "\na\n\nb"})
  void quotesAndBackslashesEndNoStringTooEarly(String text) {
    Json value = Json.object(text, text, "next", List.of(text, "plain", text));
    assertEquals(value, JsonReader.read(JsonWriter.line(value)));
  }

  @Test
  void aLineNeverHoldsALineBreak() {
    assertFalse(JsonWriter.line(Json.object("a\nb", "c\r\n")).contains("\n"));
  }

  @Test
  void absentValuesAreLeftOut() {
    assertEquals(
        "{\"a\":1}", JsonWriter.line(Json.object("a", 1, "b", null, "c", Optional.empty())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\"}",
        "{\"a\":1,}",
        "nul",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "01x",
        "1 2",
        "[1}",
        "--1",
        "\u0000"
      })
  void refusesWhatIsNotJson(String text) {
    ControlException e = assertThrows(ControlException.class, () -> JsonReader.read(text));
    assertEquals(Outcome.USAGE, e.outcome());
  }

  @Test
  void refusesWhatIsTooDeep() {
    String deep = "[".repeat(100_000);
    assertThrows(ControlException.class, () -> JsonReader.read(deep));
  }
}
