package launcher.spawn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jnr.ffi.Pointer;
import launcher.spawn.libc.Native;

/**
 * A JVM reads its words, its environment and the names of files in the letters of its locale, which
 * no option changes (the JVM sets {@code sun.jnu.encoding} itself). In the locale {@code C}, of
 * cron and of many services, those are ASCII's: another letter arrives as U+FFFD, and no such file
 * can be named. The way out is a locale with all letters, from the first instruction on.
 */
public final class UnicodeNames {
  /** Of every C library that JDK 25 runs on; without it nothing is gained and nothing is lost. */
  private static final String LOCALE = "LC_ALL=C.UTF-8";

  private static final String VARIABLE = "LC_ALL=";

  private UnicodeNames() {}

  /** Whether this JVM knows ASCII only, and was not yet begun anew. */
  public static boolean missing() {
    return isAscii(System.getProperty("sun.jnu.encoding", ""))
        && !LOCALE.equals(VARIABLE + System.getenv("LC_ALL"));
  }

  private static boolean isAscii(String encoding) {
    return encoding.equals("ANSI_X3.4-1968") || encoding.equals("US-ASCII");
  }

  /**
   * Becomes this program anew, under the same process id, with the same words, in a locale with all
   * letters. To be called first of all: what this JVM holds is gone. Returns only when that fails,
   * and then things are as they were.
   */
  public static void beginAnew() throws IOException {
    List<byte[]> words = read("/proc/self/cmdline");
    List<byte[]> environment = new ArrayList<>();
    for (byte[] variable : read("/proc/self/environ")) {
      if (!new String(variable, StandardCharsets.ISO_8859_1).startsWith(VARIABLE)) {
        environment.add(variable);
      }
    }
    environment.add(LOCALE.getBytes(StandardCharsets.US_ASCII));
    Pointer program =
        text(
            Files.readSymbolicLink(Path.of("/proc/self/exe"))
                .toString()
                .getBytes(StandardCharsets.US_ASCII));
    List<Pointer> kept = new ArrayList<>();
    Native.libc().execve(program, array(words, kept), array(environment, kept));
  }

  /** Texts that each end in a NUL, as the kernel keeps them. */
  private static List<byte[]> read(String file) throws IOException {
    byte[] all = Files.readAllBytes(Path.of(file));
    List<byte[]> texts = new ArrayList<>();
    int start = 0;
    for (int at = 0; at < all.length; at++) {
      if (all[at] == 0) {
        texts.add(Arrays.copyOfRange(all, start, at));
        start = at + 1;
      }
    }
    return texts;
  }

  private static Pointer array(List<byte[]> texts, List<Pointer> kept) {
    Pointer array = Native.memory(Long.BYTES * (texts.size() + 1));
    for (int at = 0; at < texts.size(); at++) {
      Pointer text = text(texts.get(at));
      kept.add(text);
      array.putAddress((long) Long.BYTES * at, text.address());
    }
    return array;
  }

  private static Pointer text(byte[] bytes) {
    Pointer text = Native.memory(bytes.length + 1);
    text.put(0, bytes, 0, bytes.length);
    return text;
  }
}
