package launcher.tests.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of processes (proc(5)). */
final class Processes {
  private Processes() {}

  /** The words of its command with a zero byte after each; empty for one that has ended. */
  static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** A field of the status of a process or thread (proc_pid_status(5)). */
  static String status(long id, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + id + "/status"))) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1).strip();
      }
    }
    throw new IOException("no " + field + " of " + id);
  }
}
