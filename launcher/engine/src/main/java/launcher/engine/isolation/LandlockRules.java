package launcher.engine.isolation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.drivers.plan.Grants;
import launcher.engine.device.HostDeviceNodes;
import launcher.schemas.XmlElement;
import launcher.spawn.CommandSpec;
import launcher.spawn.LandlockRule;
import launcher.spawn.LandlockRule.Access;
import launcher.spawn.Programs;

/** The paths a guest's QEMU needs: its programs, its devices, its own files. */
final class LandlockRules {
  private static final List<String> READ =
      List.of(
          "/etc/ld.so.cache",
          "/etc/ld.so.preload",
          "/etc/localtime",
          "/etc/resolv.conf",
          "/etc/hosts",
          "/etc/nsswitch.conf",
          "/etc/host.conf",
          "/etc/gai.conf",
          "/etc/services",
          "/etc/qemu",
          "/etc/pki",
          "/etc/sasl2",
          "/etc/gnutls",
          "/etc/crypto-policies",
          "/etc/alsa",
          "/etc/pulse",
          "/etc/ceph",
          "/etc/fonts",
          "/sys",
          "/proc/self",
          "/proc/cpuinfo",
          "/proc/meminfo",
          "/proc/sys");
  private static final List<String> DEVICES =
      List.of(
          "/dev/null",
          "/dev/full",
          "/dev/zero",
          "/dev/random",
          "/dev/urandom",
          "/dev/kvm",
          "/dev/ptmx",
          "/dev/pts",
          "/dev/net/tun",
          "/dev/vhost-net",
          "/dev/vhost-vsock",
          "/dev/userfaultfd",
          "/dev/sev",
          "/dev/sgx_vepc",
          "/dev/udmabuf",
          "/dev/dri",
          "/dev/rtc",
          "/dev/hpet");

  /** A path inside a word of QEMU's command: after {@code =}, a quote of JSON, or at the start. */
  private static final Pattern PATH = Pattern.compile("(?:^|[=\":])(/[^,\"]+)");

  /** What one path gets; exact where the path was resolved and must still be what it was. */
  private record Grant(Access access, boolean exact) {}

  private final Map<Path, Grant> rules = new LinkedHashMap<>();

  private LandlockRules() {}

  static List<LandlockRule> of(
      XmlElement live, List<HostFile> files, List<Path> nodes, CommandSpec command, Grants grants) {
    LandlockRules rules = new LandlockRules();
    rules.all(Programs.FOLDERS, Access.EXECUTE);
    rules.add(command.program(), Access.EXECUTE);
    rules.all(READ, Access.READ);
    rules.all(DEVICES, Access.WRITE);
    rules.hostDevices(live);
    rules.named(command);
    HostDeviceNodes.withShared(nodes).forEach(node -> rules.add(node, Access.WRITE));
    files.forEach(file -> rules.exact(file.path(), file.writes() ? Access.WRITE : Access.READ));
    rules.add(grants.runFolder(), Access.MANAGE);
    rules.add(grants.stateFolder(), Access.MANAGE);
    List<LandlockRule> result = new ArrayList<>();
    rules.rules.forEach(
        (path, grant) -> result.add(new LandlockRule(path, grant.access(), true, grant.exact())));
    return result;
  }

  private void hostDevices(XmlElement live) {
    for (XmlElement device : live.at("devices").map(XmlElement::children).orElse(List.of())) {
      switch (device.name()) {
        // libusb looks through all of them for the one that it may open
        case "hostdev" -> {
          if (device.is("type", "usb")) {
            add(Path.of("/dev/bus/usb"), Access.READ);
          }
        }
        case "shmem" -> add(Path.of("/dev/shm"), Access.MANAGE);
        case "audio", "sound" -> add(Path.of("/dev/snd"), Access.WRITE);
        default -> {
          // what it needs is on the command line or among its files
        }
      }
    }
    if (live.at("memoryBacking/hugepages").isPresent()) {
      all(List.of("/dev/hugepages", "/dev/hugepages2M", "/dev/hugepages1G"), Access.MANAGE);
    }
  }

  /**
   * Everything QEMU is told to open, it may open: the plan is made by launcher, not by the guest.
   */
  private void named(CommandSpec command) {
    for (String word : command.words()) {
      Matcher path = PATH.matcher(word);
      while (path.find()) {
        named(Path.of(path.group(1)));
      }
    }
  }

  /**
   * By what the name leads to now: whoever turns a symbolic link round afterwards grants nothing.
   * The system's own files are read only, whoever QEMU runs as.
   */
  private void named(Path path) {
    boolean system =
        path.startsWith("/etc")
            || Programs.FOLDERS.stream().anyMatch(folder -> path.startsWith(folder));
    Access access = system ? Access.READ : Access.WRITE;
    GuestFiles.real(path).ifPresentOrElse(real -> exact(real, access), () -> add(path, access));
  }

  private void exact(Path path, Access access) {
    rules.put(path, new Grant(access, true));
  }

  private void all(List<String> paths, Access access) {
    paths.forEach(path -> add(Path.of(path), access));
  }

  /**
   * The last word on a path counts: the XML knows better than the command line what is only read.
   */
  private void add(Path path, Access access) {
    rules.put(path, new Grant(access, false));
  }
}
