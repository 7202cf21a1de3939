package launcher.engine.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import launcher.spawn.libc.Calls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hub over a socket whose other end, the guest, is the test. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConsoleHubTest {
  /** More than any socket buffers. */
  private static final byte[] PASTE = new byte[4 << 20];

  private int guest = -1;
  private int terminal = -1;
  private ConsoleHub hub = new ConsoleHub("nothing", () -> -1);

  @BeforeEach
  void open() throws IOException {
    int[] ends = Calls.socketPair();
    guest = ends[0];
    terminal = ends[1];
    hub = new ConsoleHub("test", () -> terminal);
  }

  @AfterEach
  void close() {
    Calls.close(guest); // the hub closes its end then
  }

  private void says(String words) throws IOException {
    Calls.writeAll(guest, words.getBytes(US_ASCII));
  }

  private static String seen(InputStream output, int length) throws IOException {
    return new String(output.readNBytes(length), US_ASCII);
  }

  @Test
  void whatAGuestThatDoesNotReadIsToldHoldsNobodyUp() throws Exception {
    ConsoleView typist = hub.view(new byte[0]);
    CountDownLatch typed = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            typist.input().write(PASTE);
            typist.input().write(PASTE);
            typed.countDown();
          } catch (IOException e) {
            // the test sees that it did not count
          }
        });
    says("one");
    assertEquals("one", seen(typist.output(), 3));
    ConsoleView other = hub.view("before ".getBytes(US_ASCII));
    says("two");
    assertEquals("before two", seen(other.output(), 10));
    assertEquals("two", seen(typist.output(), 3));
    assertTrue(typed.await(60, TimeUnit.SECONDS), "who typed waits for the guest");
  }

  @Test
  void whatAGuestReadsLateArrivesWhole() throws Exception {
    ConsoleView typist = hub.view(new byte[0]);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            typist.input().write(PASTE);
          } catch (IOException e) {
            // the test waits for what does not come
          }
        });
    byte[] buffer = new byte[64 << 10];
    int read = 0;
    while (read < PASTE.length) {
      read += Calls.read(guest, buffer, buffer.length);
    }
    assertEquals(PASTE.length, read);
  }

  @Test
  void viewsEndWithTheGuest() throws Exception {
    ConsoleView view = hub.view(new byte[0]);
    says("bye");
    Calls.close(guest);
    guest = -1;
    assertEquals("bye", new String(view.output().readAllBytes(), US_ASCII));
    assertEquals(
        "the guest has ended",
        assertThrows(IOException.class, () -> view.input().write('x')).getMessage());
  }
}
