package launcher.drivers.openvz;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.schemas.XmlElement;

/**
 * A container's configuration file, {@code NUMBER.conf}, and the domain it means (ctid.conf(5)).
 */
public final class OpenVzConfiguration {
  private static final Pattern LINE = Pattern.compile("\\s*([A-Z_0-9]+)=\"?([^\"]*)\"?\\s*");

  /** libvirt keeps the domain's UUID in a comment. */
  private static final Pattern UUID = Pattern.compile("#\\s*UUID:\\s*([0-9a-fA-F-]{36})\\s*");

  private static final long PAGE_KIB = 4;

  private final Map<String, String> values = new LinkedHashMap<>();
  private final String id;

  private OpenVzConfiguration(String id) {
    this.id = id;
  }

  /**
   * Reads a file; of a key said twice the last counts, as for the shell that OpenVZ reads it with.
   *
   * @param id number of the container, from the file's name
   */
  public static OpenVzConfiguration read(String id, String text) {
    OpenVzConfiguration configuration = new OpenVzConfiguration(new Vzctl(id).id());
    for (String line : text.lines().toList()) {
      Matcher uuid = UUID.matcher(line);
      Matcher value = LINE.matcher(line);
      if (uuid.matches()) {
        configuration.values.put("UUID", uuid.group(1));
      } else if (value.matches()) {
        configuration.values.put(value.group(1), value.group(2));
      }
    }
    return configuration;
  }

  /** A value of any of OpenVZ's files, such as {@code vz.conf}. */
  public static Optional<String> value(String text, String key) {
    Optional<String> found = Optional.empty();
    for (String line : text.lines().toList()) {
      Matcher value = LINE.matcher(line);
      found = value.matches() && value.group(1).equals(key) ? Optional.of(value.group(2)) : found;
    }
    return found;
  }

  private Optional<String> value(String key) {
    return Optional.ofNullable(values.get(key)).filter(v -> !v.isEmpty());
  }

  /** Whether it starts with the host. */
  public boolean startsWithHost() {
    return value("ONBOOT").filter("yes"::equals).isPresent();
  }

  /** The domain; without a UUID where the file has none. */
  public XmlElement domain() {
    XmlElement domain = XmlElement.of("domain").set("type", "openvz");
    domain.add("name").text(id);
    value("UUID").ifPresent(uuid -> domain.add("uuid").text(uuid));
    memory(domain);
    domain.add("vcpu").set("placement", "static").text(value("CPUS").orElse("1"));
    XmlElement os = domain.add("os");
    os.add("type").text("exe");
    os.add("init").text("/sbin/init");
    XmlElement devices = domain.add("devices");
    filesystem(devices);
    addresses(devices);
    links(devices);
    return domain;
  }

  private void memory(XmlElement domain) {
    XmlElement tune = XmlElement.of("memtune");
    value("PRIVVMPAGES")
        .ifPresent(pages -> {
          String[] both = pages.split(":", 2);
          limit(tune, "hard_limit", both[both.length - 1]);
          limit(tune, "soft_limit", both[0]);
        });
    value("VMGUARPAGES").ifPresent(pages -> limit(tune, "min_guarantee", pages.split(":", 2)[0]));
    tune.child("hard_limit")
        .ifPresent(hard -> domain.add("memory").set("unit", "KiB").text(hard.text()));
    if (!tune.children().isEmpty()) {
      domain.add(tune);
    }
  }

  /** Pages; the largest long number, or {@code unlimited}, is no limit. */
  private static void limit(XmlElement tune, String name, String pages) {
    if (pages.matches("[0-9]{1,15}")) {
      long kib = Long.parseLong(pages) * PAGE_KIB;
      tune.add(name).set("unit", "KiB").text(Long.toString(kib));
    }
  }

  private void filesystem(XmlElement devices) {
    XmlElement filesystem = devices.add("filesystem");
    Optional<String> template = value("OSTEMPLATE");
    if (template.isPresent()) {
      filesystem.set("type", "template").add("source").set("name", template.get());
    } else {
      String folder = value("VE_PRIVATE").orElse("/vz/private/$VEID");
      filesystem
          .set("type", "mount")
          .add("source")
          .set("dir", folder.replace("${VEID}", id).replace("$VEID", id));
    }
    filesystem.add("target").set("dir", "/");
    value("DISKSPACE")
        .ifPresent(space -> {
          String[] both = space.split(":", 2);
          space(filesystem, "space_hard_limit", both[both.length - 1]);
          space(filesystem, "space_soft_limit", both[0]);
        });
  }

  private static void space(XmlElement filesystem, String name, String kib) {
    if (kib.matches("[0-9]{1,15}")) {
      filesystem.add(name).set("unit", "KiB").text(kib);
    }
  }

  private void addresses(XmlElement devices) {
    for (String address : value("IP_ADDRESS").orElse("").strip().split("\\s+")) {
      if (!address.isEmpty()) {
        XmlElement link = devices.add("interface").set("type", "ethernet");
        link.add("ip").set("address", address.replaceFirst("/.*", ""));
      }
    }
  }

  /** {@code ifname=eth0,mac=…,host_ifname=veth101.0,bridge=vmbr0;…}. */
  private void links(XmlElement devices) {
    for (String device : value("NETIF").orElse("").split(";")) {
      Map<String, String> parts = new LinkedHashMap<>();
      for (String part : device.split(",")) {
        String[] both = part.split("=", 2);
        if (both.length == 2) {
          parts.put(both[0].strip(), both[1].strip());
        }
      }
      if (!parts.isEmpty()) {
        devices.add(link(parts));
      }
    }
  }

  private static XmlElement link(Map<String, String> parts) {
    XmlElement link = XmlElement.of("interface");
    Optional<String> bridge = Optional.ofNullable(parts.get("bridge"));
    link.set("type", bridge.isPresent() ? "bridge" : "ethernet");
    Optional.ofNullable(parts.get("mac")).ifPresent(mac -> link.add("mac").set("address", mac));
    bridge.ifPresent(name -> link.add("source").set("bridge", name));
    Optional.ofNullable(parts.get("host_ifname"))
        .ifPresent(name -> link.add("target").set("dev", name));
    Optional.ofNullable(parts.get("ifname")).ifPresent(name -> link.add("guest").set("dev", name));
    return link;
  }
}
