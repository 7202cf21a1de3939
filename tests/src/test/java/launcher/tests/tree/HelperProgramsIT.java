package launcher.tests.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import launcher.tests.guests.LinuxGuest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Linux guest with a TPM, a shared folder, a network card moved by passt and an encrypted disk:
 * swtpm, virtiofsd and passt serve it, as the guest's own user where they can, and none outlives
 * it; the passphrase is in no command line, log or record.
 */
class HelperProgramsIT {
  private static final String SECRET = "0a81f5b2-8403-4b23-a6d0-1d0c3a5b1c11";
  private static final String PASSPHRASE = "correct horse, battery staple";

  @TempDir Path folder;

  private int asked;
  private InstalledLauncher launcher = new InstalledLauncher(Path.of("/"), List.of());

  @BeforeEach
  void look() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "virtiofsd needs root");
    for (String program :
        List.of(
            "/usr/bin/qemu-system-x86_64",
            "/usr/bin/qemu-img",
            "/usr/bin/swtpm",
            "/usr/bin/swtpm_setup",
            "/usr/bin/passt")) {
      assumeTrue(Files.isExecutable(Path.of(program)), "needs the program " + program);
    }
    assumeTrue(hasDefaultRoute(), "passt takes its addresses from a default route: there is none");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    launcher = new InstalledLauncher(folder.resolve("r"), List.of());
  }

  private static boolean hasDefaultRoute() throws IOException {
    return Files.readAllLines(Path.of("/proc/net/route")).stream()
        .anyMatch(line -> line.split("\t")[1].equals("00000000"));
  }

  @AfterEach
  void leave() throws IOException, InterruptedException {
    launcher.run("destroy", "helped");
  }

  @Test
  @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void helpersServeTheGuestAndEndWithIt() throws IOException, InterruptedException {
    LinuxGuest linux = LinuxGuest.make();
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.writeString(shared.resolve("from-host"), "hello from the host\n");
    Files.createDirectories(folder.resolve("r/etc"));
    Files.writeString(folder.resolve("r/etc/isolation.conf"), "user = nobody\n");
    encryptedDisk();
    launcher.succeed("define", definition(linux, shared).toString());

    InstalledLauncher.Result early = launcher.run("start", "helped");
    assertEquals(
        "error: there is no secret '%s': define it with secret-define\n".formatted(SECRET),
        early.error());
    assertEquals("", helpers(), "nothing is left of a start that failed");

    defineSecret();
    launcher.succeed("start", "helped");
    assertTrue(helpers().contains("swtpm nobody"), helpers());
    assertTrue(helpers().contains("virtiofsd root"), helpers());
    assertTrue(helpers().contains("passt nobody"), helpers());
    String seen =
        inside("mount -t virtiofs share /tmp && cat /tmp/from-host && echo 1 >/tmp/from-guest");
    assertTrue(seen.contains("hello from the host"), seen);
    assertEquals("1\n", Files.readString(shared.resolve("from-guest")));
    String module = inside("cat /sys/class/tpm/tpm0/tpm_version_major");
    assertTrue(module.lines().anyMatch("2"::equals), module);
    assertTrue(inside("dd if=/dev/vda bs=512 count=1 | wc -c").contains("512"));
    assertTrue(
        inside("ip link set eth0 up && udhcpc -i eth0 -q -n -t 10 -s /bin/true 2>&1")
            .contains("lease of"));
    assertSecretIsNowhere();

    launcher.succeed("destroy", "helped");
    awaitNoHelpers();
    assertFalse(Files.exists(folder.resolve("r/run/guests").resolve("master-key")));
    try (var left = Files.list(folder.resolve("r/run/guests"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  @Timeout(120)
  void aHelperThatIsMissingIsNamedWithItsPackage() throws IOException, InterruptedException {
    Path definition = folder.resolve("odd.xml");
    Files.writeString(
        definition,
        """
        <domain type='qemu'>
          <name>helped</name>
          <memory unit='MiB'>64</memory>
          <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>
          <os><type arch='x86_64' machine='q35'>hvm</type></os>
          <devices>
            <filesystem type='mount'>
              <driver type='virtiofs'/><binary path='/nowhere/virtiofsd'/>
              <source dir='%s'/><target dir='share'/>
            </filesystem>
          </devices>
        </domain>
        """
            .formatted(folder));
    launcher.succeed("define", definition.toString());
    InstalledLauncher.Result result = launcher.run("start", "helped");
    assertEquals(
        "error: Failed at step 'start helper' of 'virtiofsd' starting 'helped': "
            + "Failed at step 'execute' starting '/nowhere/virtiofsd': No such file or directory\n",
        result.error());
    assertEquals(1, result.status());
  }

  private void encryptedDisk() throws IOException, InterruptedException {
    Path passphrase = Files.writeString(folder.resolve("passphrase"), PASSPHRASE);
    // on a loaded machine qemu-img gives up measuring how long its key derivation takes
    int status = 1;
    for (int attempt = 0; attempt < 10 && status != 0; attempt++) {
      status =
          new ProcessBuilder(
                  "qemu-img",
                  "create",
                  "-q",
                  "-f",
                  "qcow2",
                  "--object",
                  "secret,id=s,file=" + passphrase,
                  "-o",
                  "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=50",
                  folder.resolve("disk.qcow2").toString(),
                  "1M")
              .inheritIO()
              .start()
              .waitFor();
    }
    assertEquals(0, status);
  }

  private void defineSecret() throws IOException, InterruptedException {
    Path definition =
        Files.writeString(
            folder.resolve("secret.xml"),
            """
            <secret private='yes'>
              <uuid>%s</uuid>
              <usage type='volume'><volume>%s/disk.qcow2</volume></usage>
            </secret>
            """
                .formatted(SECRET, folder));
    launcher.succeed("secret-define", definition.toString());
    InstalledLauncher.Result empty = launcher.run("start", "helped");
    assertTrue(
        empty.error().contains("has no value: give it one with secret-set-value"), empty.error());
    launcher.succeed(
        "secret-set-value", SECRET, "--plain", "--file", folder.resolve("passphrase").toString());
    InstalledLauncher.Result shown = launcher.run("secret-get-value", SECRET);
    assertTrue(shown.error().contains("is private"), shown.error());
    assertTrue(launcher.succeed("secret-list").contains(SECRET + "   volume " + folder));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("r/etc/secrets/" + SECRET + ".value"))));
  }

  private Path definition(LinuxGuest linux, Path shared) throws IOException {
    return Files.writeString(
        folder.resolve("helped.xml"),
        """
        <domain type='qemu'>
          <name>helped</name>
          <memory unit='MiB'>192</memory>
          <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>
          <os>
            <type arch='x86_64' machine='q35'>hvm</type>
            <kernel>%s</kernel><initrd>%s</initrd><cmdline>%s</cmdline>
          </os>
          <features><acpi/></features>
          <devices>
            <disk type='file' device='disk'>
              <driver name='qemu' type='qcow2'/>
              <source file='%s/disk.qcow2'>
                <encryption format='luks'><secret type='passphrase' uuid='%s'/></encryption>
              </source>
              <target dev='vda' bus='virtio'/>
            </disk>
            <filesystem type='mount'>
              <driver type='virtiofs'/><source dir='%s'/><target dir='share'/>
            </filesystem>
            <interface type='user'><backend type='passt'/><model type='virtio'/></interface>
            <serial type='pty'/>
            <tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
            <memballoon model='none'/>
          </devices>
        </domain>
        """
            .formatted(
                linux.kernel(),
                linux.initialRamDisk(),
                LinuxGuest.COMMAND_LINE,
                folder,
                SECRET,
                shared));
  }

  /** Runs a command in the guest over its console; what it says, if it succeeds. */
  private String inside(String command) throws IOException {
    asked++;
    Process console = launcher.begin("console", "helped");
    try (OutputStream keyboard = console.getOutputStream();
        BufferedReader screen =
            new BufferedReader(
                new InputStreamReader(console.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder seen = new StringBuilder();
      await(screen, seen, ".*GUEST-UP.*");
      String end = "DONE " + asked + " ";
      String words = "sh " + command + "; echo " + end + "$?\n";
      keyboard.write(words.getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
      await(screen, seen, end + "[0-9]+");
      assertTrue(seen.toString().endsWith(end + "0\n"), seen.toString());
      return seen.toString();
    } finally {
      console.destroy();
    }
  }

  private static void await(BufferedReader screen, StringBuilder seen, String pattern)
      throws IOException {
    for (String line = screen.readLine(); line != null; line = screen.readLine()) {
      seen.append(line).append('\n');
      if (line.matches(pattern)) {
        return;
      }
    }
    throw new IOException("the console ended before '" + pattern + "': " + seen);
  }

  private void assertSecretIsNowhere() throws IOException {
    for (Path place : List.of(folder.resolve("r/run"), folder.resolve("r/log"))) {
      try (var files = Files.walk(place)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertFalse(
              new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                  .contains(PASSPHRASE),
              file + " holds the passphrase");
        }
      }
    }
    assertFalse(processes().contains(PASSPHRASE), "a command line holds the passphrase");
  }

  /** Each helper with its user, a line each. */
  private String helpers() throws IOException {
    return ProcessHandle.allProcesses()
        .filter(process -> ours(process) && !isZombie(process.pid()))
        .map(process ->
            Path.of(process.info().command().orElse("?"))
                    .getFileName()
                    .toString()
                    .replace(".avx2", "")
                + " "
                + process.info().user().orElse("?"))
        .filter(line -> line.matches("(swtpm|virtiofsd|passt) .*"))
        .collect(Collectors.joining("\n"));
  }

  private boolean ours(ProcessHandle process) {
    return Processes.commandLine(process.pid()).contains(folder.toString());
  }

  private static String processes() {
    return ProcessHandle.allProcesses()
        .map(process -> Processes.commandLine(process.pid()))
        .collect(Collectors.joining("\n"));
  }

  private static boolean isZombie(long pid) {
    return Processes.commandLine(pid).isEmpty();
  }

  private void awaitNoHelpers() {
    ProcessHandle.allProcesses()
        .filter(this::ours)
        .filter(process ->
            process.info().command().orElse("").matches(".*/(swtpm|virtiofsd|passt(.avx2)?)"))
        .forEach(process -> process.onExit().orTimeout(120, TimeUnit.SECONDS).join());
  }
}
