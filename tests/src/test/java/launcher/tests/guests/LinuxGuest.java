package launcher.tests.guests;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Linux kernel and an initial RAM disk with busybox and the real guest agent: user space is up
 * after about three seconds under TCG.
 *
 * <p>On its console it says {@code GUEST-UP}, then {@code TICK n} each second; it powers off at the
 * press of its button, and answers a line {@code ping X} with {@code PONG X}, and {@code sh
 * COMMAND} with the output and {@code RC n}.
 *
 * @param kernel the compressed kernel
 * @param initialRamDisk the archive with user space in it
 */
public record LinuxGuest(Path kernel, Path initialRamDisk) {
  /**
   * What the kernel is told: console on the first serial port, restart at a panic, no time lost on
   * mitigations.
   */
  public static final String COMMAND_LINE = "console=ttyS0 panic=-1 quiet mitigations=off";

  private static final Path BUSYBOX = Path.of("/bin/busybox");

  /** In the order in which they must be loaded. */
  private static final List<String> MODULES =
      List.of(
          "button",
          "evdev",
          "virtio_ring",
          "virtio",
          "virtio_pci_legacy_dev",
          "virtio_pci_modern_dev",
          "virtio_pci",
          "failover",
          "net_failover",
          "virtio_blk",
          "virtio_net",
          "virtio_console",
          "virtio_balloon",
          "scsi_common",
          "scsi_mod",
          "sd_mod",
          "virtio_scsi",
          "cdrom",
          "sr_mod",
          "fuse",
          "virtiofs");

  /**
   * Makes the guest once and keeps it under the build's folder; where the packages cannot be had,
   * the calling test is skipped and says so.
   */
  public static synchronized LinuxGuest make() throws IOException, InterruptedException {
    Path folder = Path.of("target/linux-guest").toAbsolutePath();
    LinuxGuest guest = new LinuxGuest(folder.resolve("vmlinuz"), folder.resolve("initrd.cpio"));
    if (Files.exists(guest.initialRamDisk())) {
      return guest;
    }
    assumeTrue(
        Files.isExecutable(BUSYBOX), "needs " + BUSYBOX + " (apt-get install busybox-static)");
    Files.createDirectories(folder);
    Path packages = folder.resolve("packages");
    unpack(kernelPackage(), packages);
    unpack("qemu-guest-agent", packages);
    try (Stream<Path> boot = Files.list(packages.resolve("boot"))) {
      Path image =
          boot.filter(p -> p.getFileName().toString().startsWith("vmlinuz"))
              .findFirst()
              .orElseThrow();
      Files.copy(image, guest.kernel(), StandardCopyOption.REPLACE_EXISTING);
    }
    Path half = folder.resolve("initrd.half");
    archive(packages).writeTo(half);
    Files.move(half, guest.initialRamDisk());
    return guest;
  }

  private static CpioArchive archive(Path packages) throws IOException, InterruptedException {
    CpioArchive archive = new CpioArchive();
    for (String d :
        List.of(
            "bin", "sbin", "proc", "sys", "dev", "mod", "etc", "tmp", "run", "var", "var/run",
            "lib", "lib64")) {
      archive.directory(d);
    }
    archive.file("bin/busybox", BUSYBOX);
    try (InputStream init = LinuxGuest.class.getResourceAsStream("init.busybox")) {
      archive.file("init", Objects.requireNonNull(init).readAllBytes());
    }
    for (int i = 0; i < MODULES.size(); i++) {
      String name = MODULES.get(i);
      if (!isBuiltIn(packages, name)) {
        archive.file("mod/" + (10 + i) + "-" + name + ".ko", module(packages, name));
      }
    }
    Path agent = packages.resolve("usr/sbin/qemu-ga");
    archive.file("sbin/qemu-ga", agent);
    archive.directory("lib/x86_64-linux-gnu");
    Matcher library = Pattern.compile("(?:=> )?(/\\S+)").matcher(output("ldd", agent.toString()));
    while (library.find()) {
      Path path = Path.of(library.group(1));
      String name = path.getFileName().toString();
      archive.file((name.startsWith("ld-linux") ? "lib64/" : "lib/x86_64-linux-gnu/") + name, path);
    }
    return archive;
  }

  /** A module of the kernel, out of its package. */
  Path module(String name) throws IOException, InterruptedException {
    return module(kernel.resolveSibling("packages"), name);
  }

  /** Debian 13 keeps them compressed, and below usr. */
  private static Path module(Path packages, String name) throws IOException, InterruptedException {
    try (Stream<Path> files = Files.walk(modules(packages))) {
      Path found =
          files
              .filter(p -> isModule(p.getFileName().toString().replace('-', '_'), name))
              .findFirst()
              .orElseThrow(
                  () -> new IOException("the kernel package has no module '" + name + "'"));
      if (!found.toString().endsWith(".xz")) {
        return found;
      }
      output("xz", "--decompress", "--force", found.toString());
      String compressed = found.getFileName().toString();
      return found.resolveSibling(compressed.substring(0, compressed.length() - ".xz".length()));
    }
  }

  private static Path modules(Path packages) {
    Path lib = packages.resolve("lib/modules");
    return Files.isDirectory(lib) ? lib : packages.resolve("usr/lib/modules");
  }

  private static boolean isBuiltIn(Path packages, String name) throws IOException {
    try (Stream<Path> files = Files.walk(modules(packages), 2)) {
      for (Path list : files.filter(p -> p.endsWith("modules.builtin")).toList()) {
        if (Files.readAllLines(list).stream()
            .anyMatch(line -> line.replace('-', '_').endsWith("/" + name + ".ko"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isModule(String file, String name) {
    return file.equals(name + ".ko") || file.equals(name + ".ko.xz");
  }

  private static String kernelPackage() throws IOException, InterruptedException {
    Matcher dependency =
        Pattern.compile("Depends: (linux-image-\\S+)")
            .matcher(output("apt-cache", "depends", "linux-image-cloud-amd64"));
    return dependency.find()
        ? dependency.group(1)
        : abort("no package linux-image-cloud-amd64 here (apt-get update)");
  }

  private static void unpack(String debianPackage, Path into)
      throws IOException, InterruptedException {
    Path downloads = into.resolveSibling("downloads");
    Tools.download(downloads, debianPackage);
    try (Stream<Path> files = Files.list(downloads)) {
      for (Path file :
          files.filter(p -> p.getFileName().toString().startsWith(debianPackage + "_")).toList()) {
        Tools.run(downloads, "dpkg-deb", "-x", file.toString(), into.toString());
      }
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    return Tools.run(Path.of("/"), command);
  }
}
