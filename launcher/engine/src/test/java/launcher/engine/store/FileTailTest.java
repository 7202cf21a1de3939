package launcher.engine.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTailTest {
  @TempDir Path folder;

  private String tail(int most) throws IOException {
    return new String(FileTail.of(folder.resolve("log"), most), US_ASCII);
  }

  @Test
  void givesNoMoreThanThereIs() throws IOException {
    assertEquals("", tail(10));
    Files.writeString(folder.resolve("log"), "one\ntwo\n");
    assertEquals("one\ntwo\n", tail(10));
    assertEquals("two\n", tail(4));
  }

  @Test
  void aLogThatIsLargerThanAnyMemoryHasAnEnd() throws IOException {
    try (RandomAccessFile log = new RandomAccessFile(folder.resolve("log").toFile(), "rw")) {
      log.seek(1L << 40); // sparse
      log.write("the end".getBytes(US_ASCII));
    }
    assertEquals("the end", tail(7));
  }
}
