package launcher.tests.guests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Debian with SELinux enforcing, in a virtual machine: the installed tree of launcher, its Java
 * and QEMU lie at the same paths as on the host, so that launcher runs there as it does here.
 *
 * <p>Making its root takes a minute or two, once; each {@link #run} boots it anew (about ten
 * seconds) and leaves nothing.
 */
public final class SelinuxGuest {
  private static final Path EMULATOR = Path.of("/usr/bin/qemu-system-x86_64");
  private static final int MEMORY_MIB = 1536;
  private static final List<String> RUNTIME =
      List.of(
          "java.base",
          "java.xml",
          "java.logging",
          "java.management",
          "java.naming",
          "java.desktop",
          "jdk.unsupported",
          "jdk.net",
          "jdk.management");

  private final Path folder;
  private final Path root;

  private SelinuxGuest(Path folder) {
    this.folder = folder;
    this.root = folder.resolve("root");
  }

  /**
   * Makes the guest's root once and keeps it under the build's folder.
   *
   * @param tree the installed tree of launcher
   */
  public static synchronized SelinuxGuest make(Path tree) throws IOException, InterruptedException {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "needs root: it makes a root file system");
    assumeTrue(Files.isExecutable(EMULATOR), "needs " + EMULATOR);
    Tools.require("mmdebstrap", "mmdebstrap");
    Tools.require("mke2fs", "e2fsprogs");
    Tools.require("lxc-start", "lxc");
    Tools.require("busybox", "busybox-static");
    Tools.require("swtpm", "swtpm");
    Tools.require("swtpm_setup", "swtpm-tools");
    SelinuxGuest guest = new SelinuxGuest(Path.of("target/selinux-guest").toAbsolutePath());
    Files.createDirectories(guest.folder);
    guest.once("system", guest::system);
    guest.once("emulator", guest::emulator);
    guest.once("containers", guest::containers);
    guest.once("helpers", guest::helpers);
    guest.once("policy", guest::policy);
    guest.launcher(tree);
    return guest;
  }

  /**
   * Boots the guest and has it run a script with SELinux enforcing.
   *
   * @param scenario what the guest's shell is to do
   * @return everything on its console
   */
  public String run(String scenario) throws IOException, InterruptedException {
    return run(scenario, MEMORY_MIB);
  }

  /** The same with as much memory as many guests inside need. */
  String run(String scenario, int memoryMib) throws IOException, InterruptedException {
    Files.writeString(root.resolve("scenario"), scenario);
    label();
    Path disk = folder.resolve("disk.img");
    Files.deleteIfExists(disk);
    Tools.run(
        folder,
        "mke2fs",
        "-q",
        "-F",
        "-t",
        "ext4",
        "-O",
        "^has_journal",
        "-d",
        root.toString(),
        disk.toString(),
        "2G");
    Process qemu =
        new ProcessBuilder(
                EMULATOR.toString(),
                "-M",
                "q35",
                "-accel",
                "tcg,thread=multi",
                "-smp",
                "2",
                "-m",
                Integer.toString(memoryMib),
                "-nodefaults",
                "-display",
                "none",
                "-serial",
                "stdio",
                "-kernel",
                LinuxGuest.make().kernel().toString(),
                "-drive",
                "file=" + disk + ",if=none,id=d0,format=raw,cache=unsafe",
                "-device",
                "nvme,drive=d0,serial=1",
                "-append",
                LinuxGuest.COMMAND_LINE
                    + " root=/dev/nvme0n1 rw init=/init.selinux security=selinux selinux=1")
            .redirectErrorStream(true)
            .start();
    StringBuilder console = new StringBuilder();
    try (var reader =
        new BufferedReader(new InputStreamReader(qemu.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = reader.readLine()) != null; ) {
        console.append(line).append('\n');
        if (line.contains("Kernel panic")) {
          break;
        }
      }
    } finally {
      qemu.destroyForcibly();
    }
    return console.toString();
  }

  /** One step of making the root. */
  private interface Stage {
    void make() throws IOException, InterruptedException;
  }

  private void once(String name, Stage stage) throws IOException, InterruptedException {
    Path done = folder.resolve(name + ".done");
    if (!Files.exists(done)) {
      stage.make();
      Files.createFile(done);
    }
  }

  private void system() throws IOException, InterruptedException {
    Tools.run(folder, "rm", "-rf", root.toString());
    Tools.run(
        folder,
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        "--include=selinux-policy-default,policycoreutils,selinux-utils,attr,iproute2",
        release(),
        root.toString());
    try (InputStream init = SelinuxGuest.class.getResourceAsStream("init.selinux")) {
      Path file = root.resolve("init.selinux");
      Files.copy(Objects.requireNonNull(init), file);
      Tools.run(folder, "chmod", "0755", file.toString());
    }
  }

  private void emulator() throws IOException, InterruptedException {
    copyWithLibraries(EMULATOR);
    for (String data :
        List.of("/usr/share/qemu", "/usr/share/seabios", "/usr/lib/x86_64-linux-gnu/qemu")) {
      copy(Path.of(data));
    }
    try (Stream<Path> modules = Files.list(Path.of("/usr/lib/x86_64-linux-gnu/qemu"))) {
      for (Path module :
          modules.filter(p -> p.getFileName().toString().startsWith("accel-")).toList()) {
        copyWithLibraries(module);
      }
    }
  }

  /** LXC as it is on the host. */
  private void containers() throws IOException, InterruptedException {
    for (String program : List.of("start", "info", "stop", "freeze", "unfreeze", "attach")) {
      copyWithLibraries(Path.of("/usr/bin/lxc-" + program));
    }
    copy(Path.of("/bin/busybox"));
    for (String data :
        List.of("/usr/share/lxc", "/usr/libexec/lxc", "/usr/lib/x86_64-linux-gnu/lxc")) {
      copy(Path.of(data));
    }
    Files.createDirectories(inside(Path.of("/var/lib/lxc")));
  }

  /** The programs beside a guest. */
  private void helpers() throws IOException, InterruptedException {
    for (String program :
        List.of("/usr/bin/swtpm", "/usr/bin/swtpm_setup", "/usr/lib/qemu/virtiofsd")) {
      copyWithLibraries(Path.of(program));
    }
    copy(Path.of("/etc/swtpm_setup.conf"));
  }

  private void policy() throws IOException, InterruptedException {
    try (InputStream cil = SelinuxGuest.class.getResourceAsStream("launcher-test.cil")) {
      Files.copy(Objects.requireNonNull(cil), root.resolve("launcher-test.cil"));
    }
    inRoot("semodule", "-n", "-i", "/launcher-test.cil");
  }

  private void launcher(Path tree) throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    Path runtime = inside(home);
    if (!Files.exists(runtime)) {
      Files.createDirectories(runtime.getParent());
      Tools.run(
          folder,
          home.resolve("bin/jlink").toString(),
          "--add-modules",
          String.join(",", RUNTIME),
          "--output",
          runtime.toString());
    }
    Tools.run(folder, "rm", "-rf", inside(tree).toString());
    copy(tree);
  }

  /**
   * Every file gets the label that the policy gives to its path; the attribute is plain data on a
   * host without SELinux.
   */
  private void label() throws IOException, InterruptedException {
    inRoot(
        "setfiles", "-F", "-e", "/proc", "/etc/selinux/default/contexts/files/file_contexts", "/");
  }

  private void inRoot(String... command) throws IOException, InterruptedException {
    Path proc = root.resolve("proc");
    Tools.run(folder, "mount", "-t", "proc", "proc", proc.toString());
    try {
      Tools.run(
          folder, Stream.concat(Stream.of("chroot", root.toString()), Stream.of(command)).toList());
    } finally {
      Tools.run(folder, "umount", proc.toString());
    }
  }

  private void copyWithLibraries(Path program) throws IOException, InterruptedException {
    Set<Path> files = new LinkedHashSet<>(List.of(program));
    Matcher library =
        Pattern.compile("(?:=> )?(/\\S+) \\(")
            .matcher(Tools.run(folder, "ldd", program.toString()));
    while (library.find()) {
      files.add(Path.of(library.group(1)));
    }
    for (Path file : files) {
      if (!Files.exists(
          inside(file),
          LinkOption.NOFOLLOW_LINKS)) { // the C library is there already, of the same release
        copy(file);
      }
    }
  }

  private void copy(Path source) throws IOException, InterruptedException {
    Path target = inside(source);
    Files.createDirectories(target.getParent());
    Tools.run(folder, "cp", "-rL", source.toString(), target.getParent().toString());
  }

  private Path inside(Path path) {
    return root.resolve(path.toString().substring(1));
  }

  private static String release() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
      return lines
          .filter(l -> l.startsWith("VERSION_CODENAME="))
          .map(l -> l.substring("VERSION_CODENAME=".length()))
          .findFirst()
          .orElseThrow(() -> new IOException("/etc/os-release names no release"));
    }
  }
}
