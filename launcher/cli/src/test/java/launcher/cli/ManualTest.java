package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.control.Json;
import launcher.control.JsonReader;
import launcher.control.JsonWriter;
import org.junit.jupiter.api.Test;

/** The manual page and the help for programs tell of every verb. */
class ManualTest {
  @Test
  void everyVerbHasItsPlace() {
    String page = Manual.page();
    assertFalse(Help.allNames().isEmpty());
    for (String name : Help.allNames()) {
      assertTrue(page.contains("\n\\fB" + name.replace("-", "\\-") + "\\fR"), name);
    }
  }

  @Test
  void nothingTurnsIntoARequestOfRoffs() {
    List<String> requests = List.of(".TH", ".SH", ".PP", ".TP", ".RS", ".RE");
    Manual.page()
        .lines()
        .filter(line -> line.startsWith(".") || line.startsWith("'"))
        .forEach(line -> assertTrue(requests.contains(line.split(" ")[0]), line));
  }

  @Test
  void programsGetTheVerbsAsJson() {
    Json read = JsonReader.read(JsonWriter.indented(Help.table()));
    assertEquals(Help.table(), read);
    assertEquals(Families.all().size(), Requests.rows(read).size());
  }
}
