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
    definition.links();
    definition.processors();
    definition.memory();
    return List.copyOf(definition.commands);
  }

  private List<XmlElement> devices(String kind) {
    return domain.child("devices").map(d -> d.children(kind)).orElse(List.of());
  }

  private void filesystem() {
    List<XmlElement> all = devices("filesystem");
    if (all.size() > 1) {
      throw new IllegalArgumentException(
          "an OpenVZ container has one file system, not " + all.size());
    }
    if (all.isEmpty() || !all.getFirst().is("type", "template")) {
      throw new IllegalArgumentException(
          "an OpenVZ container is made from a template: <filesystem type='template'>");
    }
    XmlElement root = all.getFirst();
    commands.add(vzctl.create(safe(root.value("source/@name", ""))));
    OptionalLong soft = kib(root, "space_soft_limit");
    OptionalLong hard = kib(root, "space_hard_limit");
    if (soft.isPresent() && hard.isEmpty()) {
      throw new IllegalArgumentException("<space_soft_limit> needs <space_hard_limit>");
    }
    if (hard.isPresent()) {
      long barrier = soft.orElse(hard.getAsLong());
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
    domain.value("vcpu").ifPresent(count -> commands.add(vzctl.set("--cpus", safe(count.strip()))));
  }

  private void memory() {
    OptionalLong hard = kib(domain, "memtune/hard_limit");
    OptionalLong most = hard.isPresent() ? hard : kib(domain, "memory");
    if (most.isPresent()) {
      long barrier = kib(domain, "memtune/soft_limit").orElse(most.getAsLong());
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
    if (!value.matches("[A-Za-z0-9._:/+-]*") || value.startsWith("-")) {
      throw new IllegalArgumentException("'" + value + "' cannot be a value of OpenVZ's files");
    }
    return value;
  }
}
