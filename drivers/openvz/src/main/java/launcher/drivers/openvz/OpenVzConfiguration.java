package launcher.drivers.openvz;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.schemas.XmlElement;

/**
 * A container's configuration file, {@code NUMBER.conf}, and the domain it means (ctid.conf(5)).
 */
public final class OpenVzConfiguration {
  private static final Pattern LINE =
      Pattern.compile("\\s*([A-Z_0-9]+)=(?:\"([^\"]*)\"|'([^']*)'|([^\"'\\s#]*))\\s*(?:#.*)?");

  /** libvirt keeps the domain's UUID in a comment. */
  private static final Pattern UUID = Pattern.compile("#\\s*UUID:\\s*([0-9a-fA-F-]{36})\\s*");

  private static final Pattern AMOUNT =
      Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,6})?)([bBkKmMgGtTpP]?)");

  private static final long PAGE_KIB = 4;

  /** More than any host has: a way to say that there is no limit. */
  private static final double MOST_KIB = 1L << 50;

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
        configuration.values.put(value.group(1), content(value));
      }
    }
    return configuration;
  }

  /** A value of any of OpenVZ's files, such as {@code vz.conf}. */
  public static Optional<String> value(String text, String key) {
    Optional<String> found = Optional.empty();
    for (String line : text.lines().toList()) {
      Matcher value = LINE.matcher(line);
      found = value.matches() && value.group(1).equals(key) ? Optional.of(content(value)) : found;
    }
    return found;
  }

  /** Between double quotes, single ones, or none. */
  private static String content(Matcher line) {
    for (int quoting = 2; quoting <= 4; quoting++) {
      String text = line.group(quoting);
      if (text != null) {
        return text;
      }
    }
    return "";
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

  /** By PRIVVMPAGES; by PHYSPAGES and SWAPPAGES since vzctl 4 ("VSwap"). */
  private void memory(XmlElement domain) {
    XmlElement tune = XmlElement.of("memtune");
    OptionalLong hard = pages("PRIVVMPAGES", true);
    OptionalLong physical = pages("PHYSPAGES", true);
    OptionalLong soft = hard.isPresent() ? pages("PRIVVMPAGES", false) : OptionalLong.empty();
    OptionalLong swap = hard.isPresent() ? OptionalLong.empty() : pages("SWAPPAGES", true);
    OptionalLong most = hard.isPresent() ? hard : physical;
    limit(tune, "hard_limit", most);
    limit(tune, "soft_limit", soft);
    if (swap.isPresent() && most.isPresent()) {
      limit(tune, "swap_hard_limit", OptionalLong.of(most.getAsLong() + swap.getAsLong()));
    }
    limit(tune, "min_guarantee", pages("VMGUARPAGES", false));
    if (most.isPresent()) {
      domain.add("memory").set("unit", "KiB").text(Long.toString(most.getAsLong()));
    }
    if (!tune.children().isEmpty()) {
      domain.add(tune);
    }
  }

  private static void limit(XmlElement tune, String name, OptionalLong kib) {
    kib.ifPresent(k -> tune.add(name).set("unit", "KiB").text(Long.toString(k)));
  }

  /** A barrier and its limit, in pages or with a unit, in KiB; none where there is no limit. */
  private OptionalLong pages(String key, boolean limit) {
    Optional<String[]> both = value(key).map(text -> text.split(":", 2));
    return both.map(words -> kib(limit ? words[words.length - 1] : words[0], PAGE_KIB))
        .orElse(OptionalLong.empty());
  }

  /**
   * A number, also broken, with a unit of powers of 1024 since vzctl 3.0.24 ({@code 2.2G}). The
   * largest long number, or {@code unlimited}, is no limit.
   *
   * @param unit KiB that a number without a unit counts
   */
  private static OptionalLong kib(String text, long unit) {
    Matcher amount = AMOUNT.matcher(text.strip());
    if (!amount.matches()) {
      return OptionalLong.empty();
    }
    String letter = amount.group(2).toUpperCase(Locale.ROOT);
    double number = Double.parseDouble(amount.group(1));
    double kib =
        switch (letter) {
          case "B" -> number / 1024;
          case "" -> number * unit;
          default -> number * (1L << (10 * "KMGTP".indexOf(letter)));
        };
    return kib < MOST_KIB ? OptionalLong.of((long) kib) : OptionalLong.empty();
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
          limit(filesystem, "space_hard_limit", kib(both[both.length - 1], 1));
          limit(filesystem, "space_soft_limit", kib(both[0], 1));
        });
  }

  private void addresses(XmlElement devices) {
    for (String address : value("IP_ADDRESS").orElse("").strip().split("\\s+")) {
      if (!address.isEmpty()) {
        XmlElement link = devices.add("interface").set("type", "ethernet");
        String[] words = address.split("/", 2);
        XmlElement ip = link.add("ip").set("address", words[0]);
        if (words.length == 2 && words[1].matches("[0-9]{1,3}")) {
          ip.set("prefix", words[1]);
        }
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
