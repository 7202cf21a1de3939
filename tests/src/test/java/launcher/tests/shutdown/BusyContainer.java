package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A container with busybox's init, which leaves a file at each boot and at each orderly end.
 *
 * @param name its name
 * @param machine where it lives
 */
record BusyContainer(String name, SystemdContainer machine) {
  private static final String INITTAB =
      """
      ::sysinit:/bin/busybox mktemp /times/up.XXXXXX
      ::shutdown:/bin/busybox mktemp /times/down.XXXXXX
      """;

  BusyContainer write() throws IOException {
    for (String inner : List.of("bin", "etc", "dev", "proc", "sys", "tmp", "run", "times")) {
      Files.createDirectories(machine.path(root()).resolve(inner));
    }
    Files.copy(Path.of("/bin/busybox"), machine.path(root()).resolve("bin/busybox"));
    Files.writeString(machine.path(root()).resolve("etc/inittab"), INITTAB);
    Files.writeString(
        machine.path(xml()),
        """
        <domain type='lxc'>
          <name>%s</name>
          <memory unit='MiB'>64</memory>
          <os><type>exe</type><init>/bin/busybox</init><initarg>init</initarg></os>
          <features><privnet/></features>
          <devices>
            <filesystem type='mount'><source dir='%s'/><target dir='/'/></filesystem>
            <console type='pty'/>
          </devices>
        </domain>
        """
            .formatted(name, root()));
    return this;
  }

  String xml() {
    return "/srv/" + name + ".xml";
  }

  private String root() {
    return "/srv/" + name;
  }

  private long times(String what) throws IOException {
    try (Stream<Path> files = Files.list(machine.path(root()).resolve("times"))) {
      return files.filter(f -> f.getFileName().toString().startsWith(what)).count();
    }
  }

  /** How often it ended in order. */
  long shutdowns() throws IOException {
    return times("down");
  }

  /** Waits until it has booted that often, and says when it was more. */
  void awaitBoots(int boots) throws IOException {
    Commands.await(
        () -> times("up") >= boots, () -> name + " booted " + times("up") + " times, not " + boots);
    assertEquals(boots, times("up"), name + " booted");
  }
}
