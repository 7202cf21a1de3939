package launcher.drivers.lxc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import launcher.schemas.XmlAttribute;
import launcher.schemas.XmlElement;
import launcher.schemas.XmlProblem;

/** What fits the schema and yet cannot be a container. */
final class ContainerRules {
  /** The kernel's limit for a host name (sethostname(2)); the container is named as the guest. */
  private static final int LONGEST_NAME = 64;

  private final String file;
  private final XmlElement domain;
  private final List<XmlProblem> problems = new ArrayList<>();

  private ContainerRules(String file, XmlElement domain) {
    this.file = file;
    this.domain = domain;
  }

  /** Everything that is wrong. */
  static List<XmlProblem> check(String file, XmlElement domain) {
    ContainerRules rules = new ContainerRules(file, domain);
    rules.name();
    domain.children().forEach(rules::characters);
    rules.boot();
    rules.idMap();
    rules.memory();
    rules.sets();
    rules.filesystems();
    LinkRules.check(domain, rules::refuse);
    return List.copyOf(rules.problems);
  }

  private void refuse(XmlElement at, String message) {
    problems.add(XmlProblem.at(file, at, message));
  }

  private void name() {
    XmlElement at = domain.child("name").orElse(domain);
    String name = at.text();
    if (name.contains("/") || name.equals(".") || name.equals("..") || name.isBlank()) {
      refuse(at, "'" + name + "' cannot be the name of a container");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      refuse(at, "a container's name is its host name, at most " + LONGEST_NAME + " bytes");
    }
  }

  /** LXC's configuration is made of lines; arguments of init are the only thing outside it. */
  private void characters(XmlElement element) {
    if (Set.of("initarg", "description", "title", "metadata").contains(element.name())) {
      return;
    }
    boolean bad = element.attributes().stream().map(XmlAttribute::value).anyMatch(this::isControl);
    if (bad || isControl(element.text())) {
      refuse(element, "line breaks and control characters are not allowed in a container's values");
    }
    element.children().forEach(this::characters);
  }

  private boolean isControl(String text) {
    return text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
  }

  private void boot() {
    domain
        .at("os/init")
        .filter(init -> !init.text().strip().startsWith("/"))
        .ifPresent(init -> refuse(init, "'" + init.text() + "' is not an absolute path"));
  }

  private void idMap() {
    for (String kind : List.of("uid", "gid")) {
      List<XmlElement> maps =
          domain.child("idmap").map(map -> map.children(kind)).orElse(List.of());
      if (!maps.isEmpty() && maps.stream().noneMatch(map -> number(map, "start") == 0)) {
        refuse(maps.getFirst(), "no <" + kind + "> starts at 0: the container would have no root");
      }
      for (XmlElement map : maps) {
        overlap(map, maps, "start");
        overlap(map, maps, "target");
      }
    }
  }

  private void overlap(XmlElement map, List<XmlElement> maps, String side) {
    long first = number(map, side);
    for (XmlElement other : maps.subList(0, maps.indexOf(map))) {
      long begin = number(other, side);
      if (first < begin + number(other, "count") && begin < first + number(map, "count")) {
        refuse(map, "the range overlaps that of line " + other.line() + " in '" + side + "'");
      }
    }
  }

  private static long number(XmlElement map, String attribute) {
    return Long.parseLong(map.attribute(attribute, "0").strip());
  }

  private void memory() {
    OptionalLong swap = Limits.kib(domain, "memtune/swap_hard_limit");
    OptionalLong hard = Limits.kib(domain, "memtune/hard_limit");
    if (swap.isPresent() && hard.isPresent() && swap.getAsLong() < hard.getAsLong()) {
      XmlElement at = domain.at("memtune/swap_hard_limit").orElse(domain);
      refuse(at, "memory and swap together cannot be less than memory alone (<hard_limit>)");
    }
  }

  private void sets() {
    set("vcpu", "cpuset");
    set("numatune/memory", "nodeset");
  }

  private void set(String path, String attribute) {
    domain
        .at(path)
        .ifPresent(at ->
            at.attribute(attribute)
                .filter(set -> IdSet.find(set).isEmpty())
                .ifPresent(
                    set -> refuse(at, "'" + set + "' is not a list of numbers such as 0-3,7")));
  }

  private void filesystems() {
    Set<String> targets = new HashSet<>();
    List<XmlElement> all =
        domain.child("devices").map(d -> d.children("filesystem")).orElse(List.of());
    for (XmlElement filesystem : all) {
      String target = filesystem.value("target/@dir", "");
      if (!targets.add(target)) {
        refuse(filesystem, "'" + target + "' is mounted twice");
      }
      if (("/" + target + "/").contains("/../")) {
        refuse(filesystem, "'" + target + "' leads upwards");
      }
      kind(filesystem, target);
    }
  }

  private void kind(XmlElement filesystem, String target) {
    String type = filesystem.attribute("type", "mount");
    boolean inRoot = target.equals("/") && (type.equals("ram") || type.equals("bind"));
    if (inRoot) {
      refuse(filesystem, "the root of a container cannot be of type '" + type + "'");
    }
    if (type.equals("template") && domain.is("type", "lxc")) {
      refuse(filesystem, "templates are OpenVZ's: give the folder of the root, type='mount'");
    }
    String format = filesystem.value("driver/@format", "raw");
    if (!format.equals("raw") || filesystem.value("driver/@type", "").equals("nbd")) {
      refuse(
          filesystem,
          "the image is mounted as it is, without nbd: make it raw ('qemu-img convert -O raw')");
    }
    boolean upwards = ("/" + filesystem.value("source/@dir", "") + "/").contains("/../");
    if (type.equals("bind") && upwards) {
      refuse(filesystem, "the source leads upwards, out of the container");
    }
  }
}
