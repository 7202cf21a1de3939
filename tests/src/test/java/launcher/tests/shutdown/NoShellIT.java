package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every program that is executed from boot to boot, by the daemon, the units and the guests. */
final class NoShellIT extends MachineTest {
  private static final Pattern EXECUTED = Pattern.compile("execve\\(\"([^\"]*)\".* = 0");
  private static final String TRACER =
      "/usr/bin/strace -D -f -qq -A --seccomp-bpf -e trace=execve,execveat -e signal=none -o /trace-";

  private void traced(String unit, String... settings) throws IOException {
    StringBuilder text = new StringBuilder("[Service]\n");
    for (String line :
        Files.readString(machine().path("/etc/systemd/system/" + unit)).split("\n")) {
      for (String setting : settings) {
        if (line.startsWith(setting + "=")) {
          String program = line.substring(setting.length() + 1);
          text.append(setting).append("=\n");
          text.append(setting).append('=').append(TRACER).append(unit);
          text.append(" -- ").append(program).append('\n');
        }
      }
    }
    dropIn(unit, text.toString());
  }

  @Test
  void noShellIsEverExecuted() throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace (apt-get install strace)");
    enableGuestsUnit();
    traced("launcher.service", "ExecStart");
    traced("launcher-guests.service", "ExecStart", "ExecStop");
    machine().boot();
    CountingGuest saved = guest(HOSTILE);
    CountingGuest deaf = guest("$(sh)", true, "ladder='acpi 1s, power-off'/>");
    BusyContainer container = new BusyContainer("c`sh`", machine()).write();
    start(List.of(saved, deaf));
    machine().launcher("define", container.xml());
    machine().launcher("start", container.name());
    container.awaitBoots(1);

    machine().powerOff();
    CountingGuest.Said then = saved.said();
    machine().boot();

    saved.assertCountsOnAfter(then);
    container.awaitBoots(2);
    Set<String> executed = new TreeSet<>();
    for (String unit : List.of("launcher.service", "launcher-guests.service")) {
      Path trace = machine().path("/trace-" + unit);
      for (String line : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
        Matcher program = EXECUTED.matcher(line);
        if (program.find()) {
          executed.add(program.group(1).replaceFirst(".*/", ""));
        }
      }
    }
    for (String seen : List.of("launcherd", "launcher", "qemu-system-x86_64")) {
      assertTrue(executed.contains(seen), "saw " + seen + " among " + executed);
    }
    assertTrue(executed.stream().anyMatch(p -> p.startsWith("lxc")), "saw LXC: " + executed);
    for (String shell : List.of("sh", "bash", "dash", "env", "su", "sudo")) {
      assertFalse(executed.contains(shell), "no " + shell + " among " + executed);
    }
  }
}
