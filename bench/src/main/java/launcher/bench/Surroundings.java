package launcher.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Namespaces for the whole race: networks, process ids and the system's folders of both peers are
 * its own. Nothing of the machine's libvirt or launcher is touched, the ids that are counted are
 * the race's, and whatever still runs at the end ends with them.
 */
final class Surroundings {
  /** The folders of the system that the peers write to. */
  private static final List<String> FOLDERS =
      List.of(
          "/etc/libvirt",
          "/run/libvirt",
          "/var/lib/libvirt",
          "/var/log/libvirt",
          "/var/cache/libvirt",
          "/etc/launcher",
          "/run/launcher",
          "/var/lib/launcher",
          "/var/log/launcher",
          "/var/cache/launcher");

  private Surroundings() {}

  static boolean possible() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0
        && Files.isExecutable(Path.of("/usr/bin/unshare"));
  }

  /** What runs a program inside. */
  static List<String> entering(Path stopwatch) {
    return List.of(
        "unshare",
        "--net",
        "--mount",
        "--propagation",
        "private",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        stopwatch.toString(),
        "init");
  }

  /** Makes the places where private folders will lie; those that were not there are returned. */
  static List<Path> makePlaces() throws IOException {
    List<Path> made = new ArrayList<>();
    for (String folder : FOLDERS) {
      Path place = Path.of(folder);
      if (!Files.exists(place)) {
        Files.createDirectories(place);
        made.add(place);
      }
    }
    return made;
  }

  /** From inside: a network with a loopback, its own /sys with the host's control groups. */
  static void enter(Path folder) throws IOException, InterruptedException {
    Commands.output(List.of("ip", "link", "set", "lo", "up"));
    Path groups = Files.createDirectory(folder.resolve("cgroup"));
    Commands.output(List.of("mount", "--rbind", "/sys/fs/cgroup", groups.toString()));
    Commands.output(List.of("mount", "-t", "sysfs", "none", "/sys"));
    Commands.output(List.of("mount", "--rbind", groups.toString(), "/sys/fs/cgroup"));
    for (String place : FOLDERS) {
      Path own = Files.createDirectories(folder.resolve("system" + place));
      Commands.output(List.of("mount", "--bind", own.toString(), place));
    }
    kvm(folder);
  }

  /**
   * /dev/kvm as udev makes it, for the group kvm. Where only root may open it, libvirt asks QEMU
   * anew at every act what it can do, for what it may do as root it may not as a guest's user.
   */
  private static void kvm(Path folder) throws IOException, InterruptedException {
    Path real = Path.of("/dev/kvm");
    if (Files.exists(real) && Commands.tryRun(List.of("getent", "group", "kvm"))) {
      Path own = folder.resolve("kvm");
      Commands.output(List.of("mknod", "-m", "660", own.toString(), "c", "10", "232"));
      Commands.output(List.of("chgrp", "kvm", own.toString()));
      Commands.output(List.of("mount", "--bind", own.toString(), real.toString()));
    }
  }
}
