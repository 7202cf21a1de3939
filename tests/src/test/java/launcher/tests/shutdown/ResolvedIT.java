package launcher.tests.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import launcher.tests.guests.Tools;
import org.junit.jupiter.api.Test;

/** A network's domain is registered with a real systemd-resolved, which asks the network then. */
final class ResolvedIT extends MachineTest {
  private static final String LAB =
      """
      <network>
        <name>lab</name>
        <bridge name='lab0' stp='off'/>
        <domain name='lab.example' localOnly='yes' register='yes'/>
        <dns><host ip='10.77.0.99'><hostname>printer</hostname></host></dns>
        <ip address='10.77.0.1' prefix='24'/>
      </network>
      """;

  /** The package would change the names of the host it is installed on: only its files are used. */
  private void unpackResolved() throws IOException, InterruptedException {
    Path packages = Files.createDirectory(folder.resolve("packages"));
    Tools.download(packages, "systemd-resolved");
    Path files = Files.createDirectory(folder.resolve("resolved"));
    try (Stream<Path> found = Files.list(packages)) {
      Path deb =
          found.filter(p -> p.getFileName().toString().endsWith(".deb")).findFirst().orElseThrow();
      Tools.run(packages, "dpkg-deb", "-x", deb.toString(), files.toString());
    }
    try (Stream<Path> all = Files.walk(files)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path inside = machine().path("/" + files.relativize(file));
        Files.createDirectories(Objects.requireNonNull(inside.getParent(), inside.toString()));
        Files.copy(file, inside, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.deleteIfExists(machine().path("/etc/systemd/system/systemd-resolved.service"));
  }

  @Test
  void theHostFindsGuestsByName() throws IOException, InterruptedException {
    unpackResolved();
    write("/srv/lab.xml", LAB);
    machine().boot();
    machine().succeed("systemd-sysusers");
    machine().succeed("systemctl", "start", "systemd-resolved.service");
    machine().launcher("net-define", "/srv/lab.xml");
    machine().launcher("net-start", "lab");
    for (List<String> words :
        List.of(
            // resolved asks only where there is a carrier
            List.of("link", "add", "port", "type", "veth", "peer", "name", "end"),
            List.of("link", "set", "port", "master", "lab0", "up"),
            List.of("link", "set", "end", "up"))) {
      machine().succeed(Stream.concat(Stream.of("ip"), words.stream()).toArray(String[]::new));
    }
    Commands.await(
        () -> machine().run("resolvectl", "query", "printer.lab.example").status() == 0,
        () -> "the name is not found: " + machine().run("resolvectl", "status").output());
    assertTrue(
        machine().succeed("resolvectl", "query", "printer.lab.example").contains("10.77.0.99"));
    assertNotEquals(0, machine().run("resolvectl", "query", "nobody.lab.example").status());
    machine().launcher("net-destroy", "lab");
    assertFalse(machine().succeed("resolvectl", "domain").contains("lab.example"));
    machine().succeed("systemctl", "stop", "systemd-resolved.service");
    machine().succeed("systemctl", "mask", "--runtime", "systemd-resolved.service");
    Commands.Result refused = machine().tryLauncher("net-start", "lab");
    assertNotEquals(0, refused.status());
    assertEquals("", machine().succeed("ip", "-o", "link", "show", "type", "bridge").strip());
  }
}
