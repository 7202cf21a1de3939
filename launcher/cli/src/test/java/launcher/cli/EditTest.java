package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EditTest {
  @Test
  void anEmptyEditorIsNone() {
    assertEquals(List.of("vi"), Edit.editor(Map.of()));
    assertEquals(List.of("vi"), Edit.editor(Map.of("VISUAL", "", "EDITOR", "  ")));
    assertEquals(List.of("nano"), Edit.editor(Map.of("VISUAL", "", "EDITOR", "nano")));
    assertEquals(List.of("code", "--wait"), Edit.editor(Map.of("VISUAL", "code  --wait")));
  }

  @Test
  void aPlaceIsBelowThePresentFolder() {
    assertEquals(
        List.of(Path.of("").toAbsolutePath().resolve("ed.sh").toString()),
        Edit.editor(Map.of("EDITOR", "./ed.sh")));
  }
}
