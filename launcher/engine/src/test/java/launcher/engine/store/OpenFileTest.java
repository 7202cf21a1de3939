package launcher.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest writes its memory to, in a folder where somebody else may write, too. */
@SuppressWarnings("NullAway.Init") // made before each test
final class OpenFileTest {
  @TempDir private Path folder;
  private Path victim;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    victim = Files.writeString(folder.resolve("victim"), "another's");
    file = folder.resolve("core");
  }

  private String refusal() {
    return String.valueOf(
        assertThrows(
                IOException.class,
                () -> OpenFile.openMade(file, OpenFile.Access.READ_WRITE, 0).close())
            .getMessage());
  }

  @Test
  void opensWhatWasMade() throws IOException {
    AtomicFile.write(file, "");
    try (OpenFile open = OpenFile.openMade(file, OpenFile.Access.READ_WRITE, 0)) {
      assertTrue(open.descriptor() > 2);
    }
  }

  @Test
  void followsNoLinkThatTookItsPlace() throws IOException {
    Files.createSymbolicLink(file, victim);
    assertTrue(refusal().contains("Too many levels of symbolic links"), refusal());
  }

  @Test
  void opensNoHardLinkThatTookItsPlace() throws IOException {
    Files.createLink(file, victim);
    assertEquals("Something else has taken the place of '" + file + "'", refusal());
  }

  @Test
  void opensADeviceThatHasNoPlaces() throws IOException {
    Path device = Path.of("/dev/ptmx");
    try (OpenFile open = OpenFile.open(device, OpenFile.Access.READ_WRITE, 0)) {
      assertTrue(open.descriptor() > 2);
    }
    IOException refused =
        assertThrows(
            IOException.class, () -> OpenFile.open(device, OpenFile.Access.READ_WRITE, 1).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("lseek '/dev/ptmx'"));
  }
}
