package launcher.drivers.openvz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import launcher.spawn.CommandSpec;

/**
 * Stands in for vzctl and vzlist, since no OpenVZ kernel is at hand: writes down what it is told,
 * one call a line, and keeps each container's state as the real tools do.
 */
final class StandInVzctl {
  private static final String PROGRAM =
      """
      #!/bin/sh
      cd "$(dirname "$0")" || exit 1
      echo "${0##*/} $*" >> calls
      case ${0##*/} in
      vzlist) [ -f "state.$1" ] && cat "state.$1" || exit 1; exit ;;
      esac
      state=$(cat "state.$3" 2>/dev/null)
      case $2:$state in
      create:) echo stopped > "state.$3" ;;
      start:stopped|restart:running) echo running > "state.$3" ;;
      stop:running) echo stopped > "state.$3" ;;
      chkpnt:running) [ "$4" = --suspend ] && echo suspended > "state.$3" ;;
      chkpnt:suspended) [ "$4" = --resume ] && echo running > "state.$3" ;;
      destroy:stopped) rm "state.$3" ;;
      set:?*) ;;
      *) echo "cannot $2 a container that is '$state'" >&2; exit 6 ;;
      esac
      """;

  private final Path folder;

  StandInVzctl(Path folder) throws IOException {
    this.folder = folder;
    for (String name : List.of("vzctl", "vzlist")) {
      Path file = Files.writeString(folder.resolve(name), PROGRAM);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Carries a command out; its output. */
  String run(CommandSpec command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(folder.resolve(command.program()).toString());
    words.addAll(command.words());
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> words + ": " + output);
    return output.strip();
  }

  List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }
}
