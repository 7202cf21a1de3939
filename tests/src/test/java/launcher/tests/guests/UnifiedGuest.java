package launcher.tests.guests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * This host's own files under another kernel, one that has all controllers in control groups of
 * version 2, as hosts of today have: its root is an overlay over the host's, shared read-only
 * through virtiofs. What is installed here is there, at the same paths, and nothing that is written
 * there comes back.
 */
final class UnifiedGuest {
  private static final Path EMULATOR = Path.of("/usr/bin/qemu-system-x86_64");
  private static final Path SHARER = Path.of("/usr/lib/qemu/virtiofsd");

  /** In the order in which they must be loaded, after those of {@link LinuxGuest}. */
  private static final List<String> MODULES = List.of("llc", "stp", "bridge", "veth", "overlay");

  private static final long PATIENCE_SECONDS = 120;

  private final LinuxGuest guest;
  private final Path folder;
  private final List<String> modules;
  private final List<String> hardware;

  private UnifiedGuest(LinuxGuest guest, Path folder, List<String> modules, List<String> hardware) {
    this.guest = guest;
    this.folder = folder;
    this.modules = modules;
    this.hardware = hardware;
  }

  /**
   * The same with more in it.
   *
   * @param more modules of the kernel, in the order in which they must be loaded
   * @param devices words of QEMU's command
   */
  UnifiedGuest with(List<String> more, List<String> devices) {
    return new UnifiedGuest(guest, folder, more, devices);
  }

  /** Left out where this cannot be had. */
  static UnifiedGuest make(Path folder) throws IOException, InterruptedException {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "needs root: it shares all files of /");
    assumeTrue(Files.isExecutable(EMULATOR), "needs " + EMULATOR);
    assumeTrue(
        Files.isExecutable(SHARER), "needs " + SHARER + " (apt-get install qemu-system-common)");
    return new UnifiedGuest(LinuxGuest.make(), folder, List.of(), List.of());
  }

  /**
   * Boots it and has its shell run a script.
   *
   * @return everything on its console
   */
  String run(String script) throws IOException, InterruptedException {
    Path disk = archive(script);
    Path socket = folder.resolve("files.sock");
    Process sharer =
        new ProcessBuilder(
                SHARER.toString(),
                "--socket-path=" + socket,
                "-o",
                "source=/",
                "-o",
                "sandbox=chroot",
                "-o",
                "cache=always",
                "--rlimit-nofile=0")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("files.log").toFile())
            .start();
    try {
      awaitSocket(socket, sharer);
      return boot(disk, socket);
    } finally {
      sharer.destroyForcibly();
      sharer.waitFor();
    }
  }

  private void awaitSocket(Path socket, Process sharer) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(socket)) {
      if (!sharer.isAlive() || System.nanoTime() > deadline) {
        throw new IOException(
            "virtiofsd did not begin: " + Files.readString(folder.resolve("files.log")));
      }
      // it tells nobody
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private String boot(Path disk, Path socket) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                EMULATOR.toString(),
                "-M",
                "q35,memory-backend=memory",
                "-accel",
                "tcg,thread=multi",
                "-smp",
                "2",
                "-m",
                "1024",
                "-object",
                "memory-backend-memfd,id=memory,size=1024M,share=on",
                "-chardev",
                "socket,id=files,path=" + socket,
                "-device",
                "vhost-user-fs-pci,chardev=files,tag=host",
                "-nodefaults",
                "-display",
                "none",
                "-serial",
                "stdio",
                "-kernel",
                guest.kernel().toString(),
                "-initrd",
                disk.toString(),
                "-append",
                LinuxGuest.COMMAND_LINE + " apparmor=0 intel_iommu=on rdinit=/init.unified"));
    command.addAll(hardware);
    Process emulator = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream console = emulator.getInputStream()) {
      emulator.getOutputStream().close();
      return new String(console.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
    } finally {
      emulator.destroyForcibly();
      emulator.waitFor();
    }
  }

  /** The archives of Linux's initial RAM disk may follow one another. */
  private Path archive(String script) throws IOException, InterruptedException {
    CpioArchive more = new CpioArchive();
    more.directory("mod2");
    List<String> names = new ArrayList<>(MODULES);
    names.addAll(modules);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      more.file("mod2/" + (10 + i) + "-" + name + ".ko", guest.module(name));
    }
    try (InputStream init = UnifiedGuest.class.getResourceAsStream("init.unified")) {
      more.file("init.unified", Objects.requireNonNull(init).readAllBytes());
    }
    more.file("scenario", script.getBytes(StandardCharsets.UTF_8));
    Path second = folder.resolve("more.cpio");
    more.writeTo(second);
    Path both = folder.resolve("initrd.cpio");
    try (OutputStream out = Files.newOutputStream(both)) {
      Files.copy(guest.initialRamDisk(), out);
      Files.copy(second, out);
    }
    return both;
  }
}
