package launcher.schemas.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  /** What the schema takes for a unit is read: an amount that is not would count as not said. */
  @ParameterizedTest
  @CsvSource({
    "B,1",
    "byte,1",
    "Bytes,1",
    "BYTES,1",
    "k,1024",
    "KiB,1024",
    "kib,1024",
    "mB,1000000"
  })
  void unitsAreWrittenInLettersOfAnySize(String unit, long bytes) {
    assertEquals(OptionalLong.of(3 * bytes), Numbers.bytes("3", unit, "KiB"));
  }
}
