package launcher.drivers.lxc.conversion;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import launcher.drivers.lxc.conversion.NativeConfiguration.Entry;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;

/**
 * Makes domain XML of a configuration file for LXC's own tools, of LXC 3 and later or before.
 *
 * <p>Where libvirt reads a configuration otherwise than LXC does, this reads it as LXC does: {@code
 * lxc.idmap} is container's id, host's id, count; of a key said twice the last counts; all lines of
 * a list count.
 */
public final class DomainFromNative {
  /** What the domain is given where the file has no limit, in KiB; libvirt's default. */
  private static final long MEMORY_KIB = 65_536;

  private final String file;
  private final NativeConfiguration in;
  private final List<XmlProblem> problems;
  private final XmlElement domain = XmlElement.of("domain").set("type", "lxc");

  private DomainFromNative(String file, NativeConfiguration in, List<XmlProblem> problems) {
    this.file = file;
    this.in = in;
    this.problems = problems;
  }

  /**
   * What a file becomes.
   *
   * @param domain none when the file cannot be converted
   * @param problems why not, and as warnings what is left out
   */
  public record Result(Optional<XmlElement> domain, List<XmlProblem> problems) {
    /** Copies the list. */
    public Result {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Converts a file that includes no other.
   *
   * @param file its name for problems
   * @param uuid for the domain
   */
  public static Result convert(String file, String text, String uuid) {
    return convert(file, text, uuid, NativeIncludes.NONE);
  }

  /**
   * Converts a file.
   *
   * @param file its name for problems
   * @param uuid for the domain
   * @param includes finds the files that it includes
   */
  public static Result convert(String file, String text, String uuid, NativeIncludes includes) {
    List<XmlProblem> problems = new ArrayList<>();
    NativeConfiguration in = NativeConfiguration.read(file, text, includes, problems);
    DomainFromNative conversion = new DomainFromNative(file, in, problems);
    conversion.all(uuid);
    boolean refused = problems.stream().anyMatch(XmlProblem::refuses);
    return new Result(refused ? Optional.empty() : Optional.of(conversion.domain), problems);
  }

  private void all(String uuid) {
    domain.add("name").text(required("lxc.uts.name"));
    domain.add("uuid").text(uuid);
    NativeLimits limits = new NativeLimits(in, domain, problems);
    limits.memory(MEMORY_KIB);
    limits.blocks();
    limits.memoryTune();
    limits.processors();
    os();
    idMap();
    features();
    domain.add("clock").set("offset", "utc");
    domain.add("on_poweroff").text("destroy");
    domain.add("on_reboot").text("restart");
    domain.add("on_crash").text("destroy");
    XmlElement devices = domain.add("devices");
    // libvirt's own controller, for tools that expect it; launcher does not read it.
    devices.add("emulator").text("/usr/libexec/libvirt_lxc");
    filesystems(devices);
    in.links().forEach(link -> link(devices, link));
    consoles(devices);
    new NativeIsolation(in, domain, problems).write();
    leftOut();
  }

  private void refuse(String message) {
    problems.add(new XmlProblem(file, 0, 0, message));
  }

  private void refuse(Entry at, String message) {
    problems.add(at.problem(message));
  }

  private void warn(Entry at, String message) {
    problems.add(at.problem(message).asWarning());
  }

  private String required(String key) {
    Optional<String> value = in.value(key);
    if (value.isEmpty()) {
      refuse("'" + key + "' is missing");
    }
    return value.orElse("");
  }

  private void os() {
    XmlElement os = domain.add("os");
    XmlElement type = os.add("type").text("exe");
    in.value("lxc.arch").map(DomainFromNative::architecture).ifPresent(a -> type.set("arch", a));
    List<String> words = Words.split(in.value("lxc.init.cmd").orElse("/sbin/init"));
    os.add("init").text(words.isEmpty() ? "/sbin/init" : words.getFirst());
    words.stream().skip(1).forEach(word -> os.add("initarg").text(word));
    for (Entry entry : in.list("lxc.environment")) {
      int sign = entry.value().indexOf('=');
      if (sign < 1) {
        warn(entry, "the variable '" + entry.value() + "' has no value, left out");
      } else {
        os.add("initenv")
            .set("name", entry.value().substring(0, sign))
            .text(entry.value().substring(sign + 1));
      }
    }
    in.value("lxc.init.cwd").ifPresent(folder -> os.add("initdir").text(folder));
    in.value("lxc.init.uid").ifPresent(user -> os.add("inituser").text(user));
    in.value("lxc.init.gid").ifPresent(group -> os.add("initgroup").text(group));
  }

  private static String architecture(String word) {
    return switch (word) {
      case "x86", "i386", "i486", "i586", "i686", "linux32" -> "i686";
      case "amd64", "x86_64", "linux64" -> "x86_64";
      default -> word;
    };
  }

  /** Each line is {@code u|g|b CONTAINER HOST COUNT} (lxc.container.conf(5)). */
  private void idMap() {
    List<XmlElement> users = new ArrayList<>();
    List<XmlElement> groups = new ArrayList<>();
    for (Entry entry : in.list("lxc.idmap")) {
      if (!entry.value().matches("[ugb](\\s+[0-9]+){3}")) {
        refuse(entry, "'" + entry.value() + "' is not 'u|g|b CONTAINER HOST COUNT'");
        continue;
      }
      String[] words = entry.value().split("\\s+");
      if (!words[0].equals("g")) {
        users.add(mapping("uid", words));
      }
      if (!words[0].equals("u")) {
        groups.add(mapping("gid", words));
      }
    }
    if (!users.isEmpty() || !groups.isEmpty()) {
      XmlElement map = domain.add("idmap");
      users.forEach(map::add);
      groups.forEach(map::add);
    }
  }

  private static XmlElement mapping(String element, String[] words) {
    return XmlElement.of(element)
        .set("start", words[1])
        .set("target", words[2])
        .set("count", words[3]);
  }

  private void features() {
    XmlElement features = domain.add("features");
    boolean none = in.links().stream().noneMatch(l -> l.device().isPresent());
    boolean shared = in.links().stream().anyMatch(l -> l.type().equals("none"));
    if (none && !shared) {
      features.add("privnet");
    }
    List<Entry> kept = in.list("lxc.cap.keep");
    XmlElement capabilities =
        features.add("capabilities").set("policy", kept.isEmpty() ? "allow" : "deny");
    for (String name : names(kept.isEmpty() ? in.list("lxc.cap.drop") : kept)) {
      capabilities.add(name).set("state", kept.isEmpty() ? "off" : "on");
    }
  }

  private static Set<String> names(List<Entry> lines) {
    Set<String> names = new TreeSet<>();
    for (Entry line : lines) {
      names.addAll(List.of(line.value().strip().split("\\s+")));
    }
    names.remove("none");
    return names;
  }

  private void filesystems(XmlElement devices) {
    String root = required("lxc.rootfs.path").replaceFirst("^dir:", "");
    boolean file = root.startsWith("loop:");
    if (!file && root.matches("[a-z]+:.*")) {
      String kind = root.substring(0, root.indexOf(':'));
      refuse("a root of kind '" + kind + "' cannot be said in domain XML");
    }
    String path = root.replaceFirst("^loop:", "");
    String kind = file ? "file" : path.startsWith("/dev/") ? "block" : "mount";
    XmlElement filesystem =
        devices.add("filesystem").set("type", kind).set("accessmode", "passthrough");
    String attribute = file ? "file" : kind.equals("block") ? "dev" : "dir";
    filesystem.add("source").set(attribute, path);
    filesystem.add("target").set("dir", "/");
    if (List.of(in.value("lxc.rootfs.options").orElse("").split(",")).contains("ro")) {
      filesystem.add("readonly");
    }
    in.last("lxc.mount.fstab")
        .ifPresent(e -> refuse(e, "write the mounts of '" + e.value() + "' as lxc.mount.entry"));
    in.list("lxc.mount.entry").forEach(entry -> mount(devices, entry, path));
  }

  private void mount(XmlElement devices, Entry entry, String root) {
    Optional<NativeMount> mount = NativeMount.parse(entry.value(), root);
    if (mount.isEmpty()) {
      refuse(entry, "'" + entry.value() + "' is not a line of fstab(5)");
    } else if (mount.get().dispensable()) {
      warn(entry, "the optional mount at '" + mount.get().target() + "', left out");
    } else if (!mount.get().basic()) {
      try {
        devices.add(mount.get().filesystem());
      } catch (IllegalArgumentException e) {
        refuse(entry, String.valueOf(e.getMessage()));
      }
    }
  }

  private void link(XmlElement devices, NativeLink link) {
    Optional<XmlElement> device = link.device();
    device.ifPresent(devices::add);
    problems.addAll(link.lost());
    if (device.isEmpty() && !Set.of("none", "empty").contains(link.type())) {
      warn(link.begin(), "a link of kind '" + link.type() + "' cannot be said in XML, left out");
    }
  }

  private void consoles(XmlElement devices) {
    int count =
        in.value("lxc.tty.max")
            .filter(n -> n.matches("[0-9]{1,3}"))
            .map(Integer::parseInt)
            .orElse(0);
    for (int i = 0; i < count; i++) {
      XmlElement console = devices.add("console").set("type", "pty");
      if (i == 0) {
        in.value("lxc.console.logfile").ifPresent(log -> console.add("log").set("file", log));
      }
      console.add("target").set("type", "lxc").set("port", i);
    }
  }

  private void leftOut() {
    List<Entry> unnamed =
        in.entries().stream()
            .filter(e ->
                problems.stream().noneMatch(p -> p.line() == e.line() && p.file().equals(e.file())))
            .toList();
    for (Entry entry : unnamed) {
      Optional<String> lost = KnownKeys.loses(entry.key(), entry.value());
      if (lost.isPresent()) {
        warn(entry, lost.get() + ", left out");
      } else if (!entry.key().equals("lxc.mount.auto") && KnownKeys.isLeftOut(entry.key())) {
        warn(entry, "'" + entry.key() + "' has no counterpart in domain XML, left out");
      }
    }
  }
}
