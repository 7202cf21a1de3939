package launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.control.Json;

/**
 * Shows how far a long act is, on a terminal only: one line on standard error that is rewritten.
 */
final class Progress {
  private static final String BACK_TO_START_AND_CLEAR = "\r\u001b[K";

  private Progress() {}

  /** Shows an event of an act: {@code {"act": "saving", "percent": 42}}. */
  static void show(Invocation invocation, String name, Json event) {
    invocation.session().cancelIfInterrupted();
    if (invocation.options().quiet() || invocation.options().json() || !isTerminal()) {
      return;
    }
    if (event instanceof Json.Members progress && progress.findText("act").isPresent()) {
      String percent = progress.findWhole("percent").map(value -> " [" + value + " %]").orElse("");
      boolean last = progress.findWhole("percent").orElse(0L) >= 100;
      String line = progress.text("act") + " '" + Table.printable(name) + "'" + percent;
      invocation.output().note(BACK_TO_START_AND_CLEAR + line + (last ? "\n" : ""));
    }
  }

  /**
   * Whether standard error is a terminal that can rewrite a line, by its name: System.console()
   * costs tens of milliseconds.
   */
  private static boolean isTerminal() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false; // it knows no way back to the start of a line
    }
    try {
      String name = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty");
    } catch (IOException e) {
      return false; // no /proc: then no progress either
    }
  }
}
