package launcher.engine.qmp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;

/**
 * A line that a guest's QEMU, or the agent in it, is saying: bytes until the line break, then one
 * JSON object. Both may be hostile, and all guests share one small memory: what all of them have
 * begun to say has a limit as well, and who takes too long to end a long line gives it up for
 * others.
 */
public final class SpokenLine {
  /** Far more than any event has: those with a whole panic's registers have 2 KiB (qapi/*.json). */
  static final int LONGEST_EVENT = 16 << 10;

  /** Every guest may have so much under way; it is not counted. */
  private static final int SHORT = 64 << 10;

  /** The longest known is the list of block nodes of a guest with hundreds of disks, 1 MiB. */
  private static final int LONGEST = 4 << 20;

  /** Of all guests together, without what each may have: the daemon's whole heap is 64 MiB. */
  private static final long MOST_TOGETHER = 8 << 20;

  /** A healthy QEMU says its longest line in a few milliseconds. */
  private static final long TOO_SLOW_NANOS = Duration.ofSeconds(5).toNanos();

  private static final int FIRST = 512;

  /** Who says something long, whoever began first leading; guards all that is static. */
  private static final Set<SpokenLine> SPEAKING = new LinkedHashSet<>();

  private static final Object UNDERSTANDING = new Object();
  private static long together;

  private byte[] bytes = new byte[FIRST];
  private int length;
  private long since;
  private volatile boolean givenUp;

  /** Adds a byte. */
  public void add(byte b) throws IOException {
    if (length == bytes.length) {
      grow();
    }
    bytes[length] = b;
    length++;
  }

  /** How many bytes it has. */
  public int length() {
    return length;
  }

  private void grow() throws IOException {
    if (length >= LONGEST) {
      throw new IOException("it says more than " + (LONGEST >> 20) + " MiB at once");
    }
    int larger = Math.min(LONGEST, 2 * bytes.length);
    if (larger > SHORT) {
      reserve(larger - Math.max(bytes.length, SHORT));
    }
    bytes = Arrays.copyOf(bytes, larger);
  }

  private long reserved() {
    return Math.max(0, bytes.length - SHORT);
  }

  private void reserve(int more) throws IOException {
    synchronized (SPEAKING) {
      if (SPEAKING.add(this)) {
        since = System.nanoTime();
      }
      if (together + more > MOST_TOGETHER) {
        hush();
      }
      if (givenUp || together + more > MOST_TOGETHER) {
        throw new IOException("all guests together say more than there is memory for");
      }
      together += more;
    }
  }

  /** Who speaks longest is not listened to any more, if that is too long. */
  private static void hush() {
    SpokenLine slowest = SPEAKING.iterator().next();
    if (System.nanoTime() - slowest.since > TOO_SLOW_NANOS) {
      slowest.givenUp = true;
      slowest.forget();
    }
  }

  private void forget() {
    synchronized (SPEAKING) {
      if (SPEAKING.remove(this)) {
        together -= reserved();
        bytes = new byte[FIRST];
        length = 0;
      }
    }
  }

  /** Forgets what was said, for the next line or for good. */
  public void reset() {
    if (length > SHORT || bytes.length > SHORT) {
      forget();
    }
    length = 0;
  }

  /**
   * What was said; the next line may begin.
   *
   * @throws IOException when it is no JSON, or means more than is needed
   */
  public JsonObject end() throws IOException {
    try {
      if (length <= SHORT) {
        return understand();
      }
      // what a long line means is larger than it: one at a time
      synchronized (UNDERSTANDING) {
        return understand();
      }
    } finally {
      reset();
    }
  }

  private JsonObject understand() throws IOException {
    if (givenUp) {
      throw new IOException("it has spoken too slowly");
    }
    return JsonText.fromGuest(new String(bytes, 0, length, StandardCharsets.UTF_8));
  }
}
