package launcher.drivers.openvz;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.schemas.XmlElement;
import launcher.schemas.domain.Numbers;
import launcher.spawn.CommandSpec;

/** The commands that make a container what its domain says, in their order. */
public final class OpenVzDefinition {
  /** OpenVZ counts memory in pages of this many bytes. */
  private static final long PAGE = 4096;

  private final XmlElement domain;
  private final Vzctl vzctl;
  private final List<CommandSpec> commands = new ArrayList<>();

  private OpenVzDefinition(XmlElement domain) {
    this.domain = domain;
    vzctl = Vzctl.of(domain);
  }

  /**
   * Plans the definition of a container.
   *
   * @param domain completed
   * @throws IllegalArgumentException when OpenVZ cannot have it so, with the reason
   */
  public static List<CommandSpec> plan(XmlElement domain) {
    OpenVzDefinition definition = new OpenVzDefinition(domain);
    definition.filesystem();
    definition.settings();
    return List.copyOf(definition.commands);
  }

  /**
   * Plans the change of a container. What the new definition no longer says of sizes stays as it
   * is; addresses and links that it no longer has are taken away.
   *
   * @param before as it is
   * @param now as it is to be
   * @throws IllegalArgumentException when OpenVZ cannot have it so, with the reason
   */
  public static List<CommandSpec> change(XmlElement before, XmlElement now) {
    Vzctl vzctl = Vzctl.of(now);
    if (!vzctl.equals(Vzctl.of(before))) {
      throw new IllegalArgumentException("an OpenVZ container keeps its number: define another");
    }
    if (!root(before).value("source/@name").equals(root(now).value("source/@name"))) {
      throw new IllegalArgumentException(
          "an OpenVZ container keeps the template it was made from: define another");
    }
    OpenVzDefinition old = new OpenVzDefinition(before);
    old.settings();
    OpenVzDefinition changed = new OpenVzDefinition(now);
    changed.settings();
    List<CommandSpec> commands = new ArrayList<>();
    for (CommandSpec setting : old.commands) {
      List<String> words = setting.words();
      if (!has(changed, words) && words.contains("--ipadd")) {
        commands.add(vzctl.set("--ipdel", words.get(words.indexOf("--ipadd") + 1)));
      }
      if (!has(changed, words) && words.contains("--netif_add")) {
        String link = words.get(words.indexOf("--netif_add") + 1).split(",", 2)[0];
        commands.add(vzctl.set("--netif_del", link));
      }
    }
    changed.commands.stream().filter(c -> !has(old, c.words())).forEach(commands::add);
    return List.copyOf(commands);
  }

  private static boolean has(OpenVzDefinition definition, List<String> words) {
    return definition.commands.stream().anyMatch(command -> command.words().equals(words));
  }

  /** The folder with the container's files, when it is not made from a template. */
  public static Optional<String> privateFolder(XmlElement domain) {
    XmlElement root = root(domain);
    return root.is("type", "template")
        ? Optional.empty()
        : Optional.of(safe(root.value("source/@dir", "")));
  }

  private List<XmlElement> devices(String kind) {
    return devices(domain, kind);
  }

  private static List<XmlElement> devices(XmlElement domain, String kind) {
    return domain.child("devices").map(d -> d.children(kind)).orElse(List.of());
  }

  private static XmlElement root(XmlElement domain) {
    List<XmlElement> all = devices(domain, "filesystem");
    if (all.size() != 1) {
      throw new IllegalArgumentException(
          "an OpenVZ container has one file system, not " + all.size());
    }
    XmlElement root = all.getFirst();
    if (!root.is("type", "template") && !root.is("type", "mount")) {
      throw new IllegalArgumentException(
          "an OpenVZ container is made from a template or has a folder of its own: "
              + "<filesystem type='template'> or 'mount'");
    }
    return root;
  }

  private void settings() {
    diskSpace();
    links();
    processors();
    memory();
  }

  private void filesystem() {
    XmlElement root = root(domain);
    if (root.is("type", "template")) {
      commands.add(vzctl.create(safe(root.value("source/@name", ""))));
    } else {
      safe(root.value("source/@dir", ""));
    }
  }

  private void diskSpace() {
    XmlElement root = root(domain);
    OptionalLong soft = kib(root, "space_soft_limit");
    OptionalLong hard = kib(root, "space_hard_limit");
    if (soft.isPresent() && hard.isEmpty()) {
      throw new IllegalArgumentException("<space_soft_limit> needs <space_hard_limit>");
    }
    if (hard.isPresent()) {
      long barrier = soft.orElse(hard.getAsLong());
      if (root.is("type", "mount")) {
        throw new IllegalArgumentException("only containers from a template have a disk quota");
      }
      commands.add(vzctl.set("--diskspace", barrier + ":" + hard.getAsLong()));
    }
  }

  private void links() {
    int number = 0;
    for (XmlElement link : devices("interface")) {
      List<XmlElement> addresses = link.children("ip");
      if (link.is("type", "ethernet") && !addresses.isEmpty()) {
        addresses.forEach(
            ip -> commands.add(vzctl.set("--ipadd", safe(ip.attribute("address", "")))));
      } else {
        commands.add(vzctl.set("--netif_add", netif(link, number)));
      }
      number++;
    }
  }

  /** {@code eth0,MAC,veth101.0,,BRIDGE}; vzctl makes the host's address itself. */
  private String netif(XmlElement link, int number) {
    String name = safe(link.value("guest/@dev", "eth" + number));
    String mac = safe(link.value("mac/@address", ""));
    String host = safe(link.value("target/@dev", "veth" + vzctl.id() + "." + number));
    Optional<String> bridge = link.value("source/@bridge");
    return name + "," + mac + "," + host + "," + bridge.map(b -> "," + safe(b)).orElse("");
  }

  private void processors() {
    domain
        .value("vcpu/@current")
        .or(() -> domain.value("vcpu"))
        .ifPresent(count -> commands.add(vzctl.set("--cpus", safe(count.strip()))));
  }

  private void memory() {
    OptionalLong hard = kib(domain, "memtune/hard_limit");
    OptionalLong most = hard.isPresent() ? hard : kib(domain, "memory");
    if (most.isPresent()) {
      OptionalLong soft = kib(domain, "memtune/soft_limit");
      OptionalLong now = soft.isPresent() ? soft : kib(domain, "currentMemory");
      long barrier = Math.min(now.orElse(most.getAsLong()), most.getAsLong());
      commands.add(vzctl.set("--privvmpages", pages(barrier) + ":" + pages(most.getAsLong())));
    }
    OptionalLong sure = kib(domain, "memtune/min_guarantee");
    if (sure.isPresent()) {
      commands.add(vzctl.set("--vmguarpages", pages(sure.getAsLong()) + ":" + Long.MAX_VALUE));
    }
  }

  private static long pages(long kib) {
    return kib * 1024 / PAGE;
  }

  private static OptionalLong kib(XmlElement from, String path) {
    OptionalLong bytes =
        from.at(path)
            .map(e -> Numbers.bytes(e.text(), e.attribute("unit", "KiB"), "KiB"))
            .orElse(OptionalLong.empty());
    return bytes.isPresent() ? OptionalLong.of(bytes.getAsLong() / 1024) : bytes;
  }

  /** vzctl writes values into files that it reads as a shell does: nothing odd may get there. */
  private static String safe(String value) {
    boolean upwards = ("/" + value + "/").contains("/../");
    if (!value.matches("[A-Za-z0-9._:/+-]*") || value.startsWith("-") || upwards) {
      throw new IllegalArgumentException("'" + value + "' cannot be a value of OpenVZ's files");
    }
    return value;
  }
}
