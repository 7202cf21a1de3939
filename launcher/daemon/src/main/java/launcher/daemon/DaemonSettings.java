package launcher.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the administrator of the host decides about a daemon of root, in {@code daemon.conf} of the
 * configuration's folder: lines of {@code name = value}.
 *
 * @param group {@code group}: the group whose members may manage; {@code launcher} if not said
 * @param othersMayRead {@code others-may-read}, {@code yes} or {@code no}: whether everybody else
 *     may look at guests; {@code no} if not said
 */
record DaemonSettings(String group, boolean othersMayRead) {
  /** The name of the file. */
  static final String FILE = "daemon.conf";

  /**
   * Reads the file; what it does not say is as usual.
   *
   * @throws IOException when it cannot be read, or naming every line that is not understood
   */
  static DaemonSettings read(Path configuration) throws IOException {
    Path file = configuration.resolve(FILE);
    String group = "launcher";
    boolean othersMayRead = false;
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      String[] pair = text.split("\\s*=\\s*", 2);
      if (pair.length == 2 && pair[0].equals("group") && !pair[1].isEmpty()) {
        group = pair[1];
      } else if (pair.length == 2
          && pair[0].equals("others-may-read")
          && (pair[1].equals("yes") || pair[1].equals("no"))) {
        othersMayRead = pair[1].equals("yes");
      } else {
        problems.add(
            file + ":" + number + ": expected 'group = NAME' or 'others-may-read = yes|no'");
      }
    }
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems));
    }
    return new DaemonSettings(group, othersMayRead);
  }
}
