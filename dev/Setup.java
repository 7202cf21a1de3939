import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sets a machine up for launcher and does one of three things there:
 *
 * <pre>
 *   java dev/Setup.java guest   builds, then defines, starts, shows and powers off a real guest
 *   java dev/Setup.java test    builds and passes every test (`mvn verify`)
 *   java dev/Setup.java bench   races the build against bare QEMU and, where it is installed, libvirt
 * </pre>
 *
 * <p>A single source file on purpose: it runs on any Java from 17 on, before anything is built, and finds the
 * JDK 25 that the build needs. As root it installs what is missing with apt-get; otherwise it prints the one
 * command that does.
 */
public final class Setup {
  private static final int OLDEST_JDK = 25;

  private static final int OLDEST_DEBIAN_WITH_JDK = 13;

  /** A program that must be there, and the Debian package that brings it. */
  private record Tool(String program, String debianPackage) {}

  private static final List<Tool> TO_BUILD =
      List.of(new Tool("mvn", "maven"), new Tool("cc", "gcc"), new Tool("as", "binutils"));

  private static final List<Tool> TO_RUN_GUESTS =
      List.of(
          new Tool("qemu-system-x86_64", "qemu-system-x86"), new Tool("qemu-img", "qemu-utils"));

  /** Without these, `test` still runs; the tests that need them say that they were skipped, and why. */
  private static final List<Tool> TO_TEST_ALL =
      List.of(
          new Tool("ip", "iproute2"),
          new Tool("dnsmasq", "dnsmasq-base"),
          new Tool("nft", "nftables"),
          new Tool("iptables", "iptables"), // firewalld calls it
          new Tool("firewalld", "firewalld"),
          new Tool("dbus-daemon", "dbus"),
          new Tool("lxc-start", "lxc"),
          new Tool("newuidmap", "uidmap"),
          new Tool("busybox", "busybox-static"),
          new Tool("strace", "strace"),
          new Tool("swtpm", "swtpm"),
          new Tool("swtpm_setup", "swtpm-tools"),
          new Tool("sanlock", "sanlock"),
          new Tool("capsh", "libcap2-bin"),
          new Tool("setfattr", "attr"),
          new Tool("cpio", "cpio"),
          new Tool("kill", "procps"),
          new Tool("curl", "curl"),
          new Tool("xz", "xz-utils"), // modules of Debian 13's kernel
          new Tool("fincore", "util-linux-extra"),
          new Tool("losetup", "mount"),
          new Tool("passt", "passt"),
          new Tool("mmdebstrap", "mmdebstrap"),
          new Tool("mke2fs", "e2fsprogs"),
          new Tool("systemd-run", "systemd"),
          new Tool("/usr/share/OVMF/OVMF_CODE_4M.fd", "ovmf"),
          new Tool("/lib/systemd/systemd", "systemd-sysv"),
          new Tool("/usr/lib/polkit-1/polkitd", "polkitd"), // plain users at host shutdown
          new Tool("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"),
          new Tool("qemu-aarch64", "qemu-user"));

  private static final String GUEST_USER = "libvirt-qemu";

  private final Path root;

  private Setup(Path root) {
    this.root = root;
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 1 || !Set.of("guest", "test", "bench").contains(args[0])) {
      fail(2, "usage: java dev/Setup.java guest|test|bench");
    }
    try {
      Setup setup = new Setup(checkout());
      switch (args[0]) {
        case "guest" -> setup.guest();
        case "bench" -> setup.bench();
        default -> setup.test();
      }
    } catch (CommandFailed e) {
      fail(1, e.getMessage());
    }
  }

  private static final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1;

    CommandFailed(String message) {
      super(message);
    }
  }

  private void guest() throws Exception {
    List<Tool> needed = new ArrayList<>(TO_BUILD);
    needed.addAll(TO_RUN_GUESTS);
    require(needed);
    maven("package", "-q", "-Pquick", "-Dmaven.test.skip=true");
    new Demo(root).run();
  }

  private void test() throws Exception {
    List<Tool> wanted = new ArrayList<>(TO_RUN_GUESTS);
    wanted.addAll(TO_TEST_ALL);
    if (debianVersion() >= OLDEST_DEBIAN_WITH_JDK) {
      wanted.add(new Tool("/usr/libexec/virtiofsd", "virtiofsd")); // before, qemu-system-x86 brought one
    }
    if (!isRoot() && !missing(TO_BUILD).isEmpty()) {
      wanted.addAll(TO_BUILD); // one command for everything
      require(wanted);
    }
    require(TO_BUILD);
    List<String> absent = packagesOf(missing(wanted));
    if (!absent.isEmpty() && isRoot()) {
      aptInstall(absent);
    } else if (!absent.isEmpty()) {
      say("tests that need one of these are skipped; to run them too: " + aptCommand(absent));
    }
    if (isRoot()) {
      makeGuestUser();
    }
    maven("verify");
  }

  /** The user that guests of root are in the tests; where libvirt is installed, its package has made it. */
  private static void makeGuestUser() throws Exception {
    if (Files.readAllLines(Path.of("/etc/passwd")).stream().anyMatch(l -> l.startsWith(GUEST_USER + ":"))) {
      return;
    }
    say("making the user " + GUEST_USER + ", which guests become in the tests");
    // its number is Debian's for it (base-passwd): a later libvirt finds the user it would make
    run(
        Path.of("/"),
        Map.of(),
        List.of(
            "useradd",
            "--system",
            "--uid",
            "64055",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            "/var/lib/libvirt",
            "--shell",
            "/usr/sbin/nologin",
            GUEST_USER));
  }

  private void bench() throws Exception {
    List<Tool> needed = new ArrayList<>(TO_BUILD);
    needed.addAll(TO_RUN_GUESTS);
    require(needed);
    maven("package", "-q", "-Pquick", "-Dmaven.test.skip=true");
    spawnCost();
    translation();
    run(
        root,
        Map.of(),
        List.of(
            jdk().get(0).resolve("bin/java").toString(),
            "-cp",
            benchClasses(),
            "launcher.bench.Compare",
            root.resolve("target/launcher").toString(),
            root.resolve("bench/results").toString()));
  }

  private String benchClasses() {
    return root.resolve("bench/target/classes") + ":" + root.resolve("target/launcher/lib") + "/*";
  }

  /** What one start of a process costs; as root in a pid namespace, so that its ids can be counted. */
  private void spawnCost() throws Exception {
    Path libexec = root.resolve("target/launcher/libexec");
    List<String> words = new ArrayList<>();
    if (isRoot()) {
      words.addAll(List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc"));
    }
    words.addAll(
        List.of(
            jdk().get(0).resolve("bin/java").toString(),
            "-XX:-UsePerfData",
            "-Xmx2g",
            "--enable-native-access=ALL-UNNAMED",
            "-Djffi.boot.library.path=" + libexec,
            "-cp",
            benchClasses(),
            "launcher.bench.spawn.SpawnCost",
            libexec.resolve("spawn-executor").toString(),
            root.resolve("bench/src/main/c/spawn_peers.c").toString(),
            root.resolve("bench/results/spawn-" + java.time.LocalDate.now() + ".md").toString()));
    run(root, Map.of(), words);
  }

  /** What translating a definition costs, on the acceptance corpus where that lies beside the checkout. */
  private void translation() throws Exception {
    Path corpus = root.resolveSibling("shared").resolve("corpus");
    if (!Files.isDirectory(corpus)) {
      System.out.println("translation is not measured: there is no '" + corpus + "'");
      return;
    }
    run(
        root,
        Map.of(),
        List.of(
            jdk().get(0).resolve("bin/java").toString(),
            "-cp",
            benchClasses(),
            "launcher.bench.Translation",
            corpus.toString(),
            root.resolve("bench/results/translation-" + java.time.LocalDate.now() + ".md").toString()));
  }

  // ---- what the machine has -------------------------------------------------------------------

  private static Path checkout() {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      if (Files.exists(p.resolve("dev/Setup.java"))) {
        return p;
      }
    }
    return fail(2, "run this inside a checkout of launcher: cd CHECKOUT && java dev/Setup.java …");
  }

  private static void require(List<Tool> tools) throws Exception {
    List<String> packages = packagesOf(missing(tools));
    if (jdk().isEmpty()) {
      packages.add(jdkPackage());
    }
    if (packages.isEmpty()) {
      return;
    }
    if (!isRoot()) {
      fail(1, "please install what is missing, then call again:\n  " + aptCommand(packages));
    }
    aptInstall(packages);
    if (jdk().isEmpty()) {
      fail(1, "no JDK " + OLDEST_JDK + " or newer under /usr/lib/jvm, though its package is installed");
    }
  }

  /** Debian's package of the JDK that the build needs; Debian 12 has none, and then nothing is installed at all. */
  private static String jdkPackage() throws Exception {
    if (debianVersion() < OLDEST_DEBIAN_WITH_JDK) {
      fail(
          1,
          "the build needs a JDK "
              + OLDEST_JDK
              + " or newer, and this system has no package of it: unpack one under /usr/lib/jvm"
              + " (tar -C /usr/lib/jvm -xf JDK.tar.gz) or name its folder in JAVA_HOME, then call again");
    }
    return "openjdk-" + OLDEST_JDK + "-jdk-headless";
  }

  /** VERSION_ID of os-release(5) without what follows a dot; of one without a number (testing, sid) the newest. */
  private static int debianVersion() throws IOException {
    Path release = Path.of("/etc/os-release");
    if (!Files.isReadable(release)) {
      return Integer.MAX_VALUE;
    }
    return Files.readAllLines(release).stream()
        .filter(l -> l.matches("VERSION_ID=\"?\\d+.*"))
        .map(l -> Integer.parseInt(l.replaceAll("VERSION_ID=\"?(\\d+).*", "$1")))
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  private static List<Tool> missing(List<Tool> tools) {
    return tools.stream().filter(t -> !isThere(t.program())).toList();
  }

  private static boolean isThere(String program) {
    if (program.startsWith("/")) {
      return Files.exists(Path.of(program));
    }
    // sbin: not on a plain user's PATH, but where ip, nft and firewalld lie
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin";
    return Stream.of(path.split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, program)));
  }

  private static List<String> packagesOf(List<Tool> tools) {
    Set<String> packages = new LinkedHashSet<>();
    tools.forEach(t -> packages.add(t.debianPackage()));
    return new ArrayList<>(packages);
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private static String aptCommand(List<String> packages) {
    return "sudo apt-get update && sudo apt-get install --no-install-recommends " + String.join(" ", packages);
  }

  private static void aptInstall(List<String> packages) throws Exception {
    say("installing " + String.join(" ", packages));
    Map<String, String> quiet = Map.of("DEBIAN_FRONTEND", "noninteractive");
    run(Path.of("/"), quiet, List.of("apt-get", "update", "-qq"));
    List<String> install = new ArrayList<>(List.of("apt-get", "install", "-y", "-qq", "--no-install-recommends"));
    install.addAll(packages);
    run(Path.of("/"), quiet, install);
  }

  /** The newest JDK that is new enough: JAVA_HOME first, then the one running this, then /usr/lib/jvm. */
  private static List<Path> jdk() throws IOException {
    List<Path> candidates = new ArrayList<>();
    String chosen = System.getenv("JAVA_HOME");
    if (chosen != null) {
      candidates.add(Path.of(chosen));
    }
    candidates.add(Path.of(System.getProperty("java.home")));
    Path all = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(all)) {
      try (Stream<Path> homes = Files.list(all)) {
        homes.sorted().forEach(candidates::add);
      }
    }
    return candidates.stream().filter(Setup::isNewEnough).limit(1).toList();
  }

  private static boolean isNewEnough(Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/javac")) || !Files.isReadable(release)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(release)) {
      return lines
          .filter(l -> l.startsWith("JAVA_VERSION="))
          .map(l -> l.substring("JAVA_VERSION=".length()).replace("\"", ""))
          .anyMatch(v -> Runtime.Version.parse(v).feature() >= OLDEST_JDK);
    } catch (IOException e) {
      return false;
    }
  }

  // ---- doing ----------------------------------------------------------------------------------

  private void maven(String... goals) throws Exception {
    Path home = jdk().get(0);
    say("building with " + home);
    List<String> command = new ArrayList<>(List.of("mvn", "-B", "-ntp"));
    command.addAll(List.of(goals));
    run(root, Map.of("JAVA_HOME", home.toString()), command);
  }

  static void run(Path directory, Map<String, String> environment, List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).inheritIO();
    builder.environment().putAll(environment);
    int status = builder.start().waitFor();
    if (status != 0) {
      throw new CommandFailed("failed with status " + status + ": " + String.join(" ", command));
    }
  }

  static void say(String text) {
    System.out.println("== " + text);
    System.out.flush();
  }

  static <T> T fail(int status, String text) {
    System.err.println("error: " + text);
    System.exit(status);
    throw new AssertionError();
  }

  /** The guest that the first command shows: `config-examples/hello.xml`, in folders of its own under target. */
  private static final class Demo {
    private static final String GUEST = "hello";
    private static final String IMAGE_IN_EXAMPLE = "/var/lib/launcher/images/hello.img";
    private static final String GREETING = "GUEST-UP";

    private final Path root;
    private final Path folder;
    private final Path launcher;

    Demo(Path root) {
      this.root = root;
      this.folder = root.resolve("target/demo");
      this.launcher = root.resolve("target/launcher/bin/launcher");
    }

    void run() throws Exception {
      delete(folder.resolve("state"));
      Files.createDirectories(folder);
      Path image = folder.resolve("hello.img");
      assemble(image);
      Path xml = folder.resolve("hello.xml");
      String example = Files.readString(root.resolve("config-examples/hello.xml"));
      Files.writeString(xml, example.replace(IMAGE_IN_EXAMPLE, image.toString()));

      launcher("define", xml.toString());
      launcher("start", GUEST);
      try {
        launcher("list");
        console();
        launcher("shutdown", GUEST, "--timeout", "30");
      } catch (Exception e) {
        launcher("destroy", GUEST);
        throw e;
      }
      launcher("domstate", GUEST);
      launcher("undefine", GUEST);
      say("done: a real guest was up. Try it yourself: " + launcher + " --help");
    }

    /** Makes a disk whose boot sector is the whole guest. */
    private void assemble(Path image) throws Exception {
      Path object = folder.resolve("hello.o");
      Setup.run(root, Map.of(), List.of("as", "--32", "-o", object.toString(), "config-examples/hello.s"));
      Setup.run(
          root,
          Map.of(),
          List.of("ld", "-m", "elf_i386", "-Ttext", "0x7c00", "--oformat", "binary", "-o", image.toString(), object.toString()));
      try (var disk = java.nio.channels.FileChannel.open(image, java.nio.file.StandardOpenOption.WRITE)) {
        disk.write(java.nio.ByteBuffer.wrap(new byte[1]), (1 << 20) - 1);
      }
    }

    /** Shows the guest's console until it says that it is up. */
    private void console() throws Exception {
      List<String> command = command("console", GUEST);
      say(String.join(" ", command));
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      Process console = builder.start();
      StringBuilder seen = new StringBuilder();
      try (var keyboard = console.getOutputStream();
          var screen = console.getInputStream()) {
        byte[] bytes = new byte[4096];
        for (int n; seen.indexOf(GREETING) < 0 && (n = screen.read(bytes)) > 0; ) {
          String text = new String(bytes, 0, n, StandardCharsets.UTF_8);
          System.out.print(text);
          seen.append(text);
        }
        keyboard.write(0x1d); // Ctrl-], as at a terminal
      }
      System.out.println();
      console.waitFor();
      if (seen.indexOf(GREETING) < 0) {
        throw new CommandFailed("the console ended before the guest said '" + GREETING + "'");
      }
    }

    private void launcher(String... words) throws Exception {
      List<String> command = command(words);
      say(String.join(" ", command));
      Setup.run(root, Map.of(), command);
    }

    private List<String> command(String... words) {
      List<String> command = new ArrayList<>(List.of(launcher.toString(), "--root", folder.resolve("state").toString()));
      command.addAll(List.of(words));
      return command;
    }

    private static void delete(Path tree) throws IOException {
      if (!Files.exists(tree)) {
        return;
      }
      Files.walkFileTree(
          tree,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    }
  }
}
