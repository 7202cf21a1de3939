package launcher.engine.qemu;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;

/**
 * A terminal that QEMU says is its own. Who has taken QEMU over could name any file, or another
 * guest's terminal, and we would open it with our rights: so the kernel is asked.
 */
final class GuestTerminal {
  private static final Pattern TERMINAL = Pattern.compile("/dev/pts/([0-9]{1,9})");
  private static final Pattern INDEX = Pattern.compile("(?m)^tty-index:\\s*([0-9]+)$");

  private GuestTerminal() {}

  /**
   * The path, when that process has the other end of it.
   *
   * @throws EngineException when it has not
   */
  static Path checked(String guest, int pid, String named) {
    Matcher terminal = TERMINAL.matcher(named);
    if (terminal.matches() && hasOtherEnd(pid, terminal.group(1))) {
      return Path.of(named);
    }
    throw new EngineException(
        Kind.FAILED,
        "guest '" + guest + "' names '" + named + "' as its terminal, which is none of its own");
  }

  /** proc_pid_fdinfo(5) tells the number of the terminal behind each descriptor of /dev/ptmx. */
  private static boolean hasOtherEnd(int pid, String index) {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
      for (Path descriptor : all) {
        if (index(descriptor).equals(index)) {
          return true;
        }
      }
      return false;
    } catch (IOException ended) {
      return false;
    }
  }

  private static String index(Path descriptor) {
    try {
      Matcher index = INDEX.matcher(Files.readString(descriptor));
      return index.find() ? index.group(1) : "";
    } catch (IOException closed) {
      return "";
    }
  }
}
