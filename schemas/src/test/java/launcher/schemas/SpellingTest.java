package launcher.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpellingTest {
  @Test
  void findsTheNearestKnownWord() {
    assertEquals(
        Optional.of("memory"), Spelling.nearest("memroy", List.of("metadata", "memory", "vcpu")));
  }

  @Test
  void suggestsNothingThatIsFarOff() {
    assertEquals(Optional.empty(), Spelling.nearest("bogus", List.of("memory", "vcpu")));
  }

  @Test
  void countsSwappedLettersOnce() {
    assertEquals(1, Spelling.distance("tpye", "type"));
  }

  @Test
  void aWordOfMillionsOfLettersCostsNothing() {
    String giant = "x".repeat(100_000_000);
    assertEquals(Optional.empty(), Spelling.nearest(giant, List.of("memory", "vcpu")));
  }
}
