package launcher.drivers.qemu.corpus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * Compares QEMU command lines by meaning, by the rules of the corpus' own argv-compare.py: order
 * and notation of options, names of block nodes and numbers of descriptors are free.
 */
final class ArgvComparison {
  private static final Set<String> IGNORED =
      Set.of(
          "-name",
          "-S",
          "-no-user-config",
          "-nodefaults",
          "-msg",
          "-sandbox",
          "-no-shutdown",
          "-mon",
          "-pidfile",
          "-daemonize",
          "-D",
          "-runas",
          "-chroot",
          "-nographic",
          "-add-fd");
  private static final Map<String, String> IMPLIED =
      Map.ofEntries(
          Map.entry("-device", "driver"),
          Map.entry("-machine", "type"),
          Map.entry("-smp", "cpus"),
          Map.entry("-object", "qom-type"),
          Map.entry("-chardev", "backend"),
          Map.entry("-netdev", "type"),
          Map.entry("-cpu", "model"),
          Map.entry("-accel", "accel"),
          Map.entry("-m", "size"),
          Map.entry("-vnc", "vnc"),
          Map.entry("-audiodev", "driver"),
          Map.entry("-numa", "type"),
          Map.entry("-smbios", "_"),
          Map.entry("-display", "type"),
          Map.entry("-fsdev", "fsdriver"),
          Map.entry("-tpmdev", "type"),
          Map.entry("-overcommit", "_"),
          Map.entry("-boot", "order"),
          Map.entry("-rtc", "_"),
          Map.entry("-drive", "_"),
          Map.entry("-blockdev", "driver"),
          Map.entry("-spice", "_"),
          Map.entry("-global", "_"),
          Map.entry("-fw_cfg", "name"),
          Map.entry("-incoming", "_"),
          Map.entry("-action", "_"),
          Map.entry("-set", "_"),
          Map.entry("-watchdog-action", "_"));
  private static final Set<String> DESCRIPTORS =
      Set.of("fd", "fds", "vhostfd", "vhostfds", "sockfd", "fdset");
  private static final Set<String> NO_ARGUMENT =
      Set.of(
          "-S",
          "-no-user-config",
          "-nodefaults",
          "-no-shutdown",
          "-no-reboot",
          "-no-acpi",
          "-no-hpet",
          "-nographic",
          "-daemonize",
          "-usb",
          "-snapshot",
          "-enable-kvm",
          "-no-fd-bootchk",
          "-preconfig",
          "-only-migratable",
          "-semihosting");
  private static final Pattern OWN =
      Pattern.compile(
          "/(?:var/lib|run|var/run|var/log|var/cache|tmp/lib|tmp/channel)/?(?:libvirt|launcher)?"
              + "[^,:;]*/(?:domain-+-?\\d+-[^/,]*|[^/,]*)/([^/,]+)$");
  private static final Pattern OWN_START =
      Pattern.compile(
          "^(/(?:var/lib|run|var/run|var/log|var/cache)/(?:libvirt|launcher)/|/tmp/(?:lib|channel)/)");

  private record Option(String flag, Map<String, String> values) {}

  private ArgvComparison() {}

  /** Lines beginning with {@code -} (missing) and {@code +} (too many); empty when equal. */
  static List<String> difference(List<String> expected, List<String> actual) {
    List<String> left = canonical(expected);
    List<String> right = canonical(actual);
    List<String> lines = new ArrayList<>();
    List<String> rest = new ArrayList<>(right);
    for (String option : left) {
      if (!rest.remove(option)) {
        lines.add("- " + option);
      }
    }
    rest.forEach(o -> lines.add("+ " + o));
    return lines;
  }

  static List<String> canonical(List<String> argv) {
    int i = 0;
    while (i < argv.size() && argv.get(i).matches("(?s)[A-Z_][A-Z0-9_]*=.*")) {
      i++;
    }
    String binary = argv.get(i++);
    List<Option> options = new ArrayList<>();
    while (i < argv.size()) {
      String flag = "-" + argv.get(i).replaceFirst("^-+", "");
      boolean alone = NO_ARGUMENT.contains(flag) || i + 1 >= argv.size();
      Map<String, String> values = alone ? Map.of() : parse(flag, argv.get(i + 1));
      i += alone ? 1 : 2;
      if (!skipped(flag, values)) {
        options.add(new Option(flag, values));
      }
    }
    List<String> lines = new ArrayList<>(described(options));
    lines.sort(String::compareTo);
    lines.addFirst("binary " + binary.substring(binary.lastIndexOf('/') + 1));
    return lines;
  }

  private static boolean skipped(String flag, Map<String, String> values) {
    String id = values.getOrDefault("id", "");
    return IGNORED.contains(flag)
        || flag.equals("-object") && id.equals("masterKey0")
        || flag.equals("-chardev") && Set.of("charmonitor", "monitor", "qmp").contains(id);
  }

  private static Map<String, String> parse(String flag, String text) {
    Map<String, String> out = new TreeMap<>();
    if (text.startsWith("{")) {
      flatten(out, "", JsonText.object(text));
      return out;
    }
    List<String> parts = splitCommas(text);
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      int sign = part.indexOf('=');
      String key = part;
      String value = "on";
      if (sign >= 0 && !(i == 0 && flag.equals("-cpu"))) {
        key = part.substring(0, sign);
        value = part.substring(sign + 1);
      } else if (i == 0 && IMPLIED.containsKey(flag)) {
        key = IMPLIED.get(flag);
        value = part;
      } else if (flag.equals("-cpu") && (part.startsWith("+") || part.startsWith("-"))) {
        key = part.substring(1);
        value = part.startsWith("+") ? "on" : "off";
      }
      String base = key;
      for (int n = 2; out.containsKey(key); n++) {
        key = base + "#" + n;
      }
      out.put(key, scalar(value));
    }
    return out;
  }

  private static List<String> splitCommas(String text) {
    List<String> out = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' && i + 1 < text.length() && text.charAt(i + 1) == ',') {
        current.append(',');
        i++;
      } else if (c == ',') {
        out.add(current.toString());
        current.setLength(0);
      } else {
        current.append(c);
      }
    }
    out.add(current.toString());
    return out;
  }

  private static void flatten(Map<String, String> out, String prefix, @Nullable Object value) {
    switch (value) {
      case JsonObject object -> {
        for (String name : object.names()) {
          flatten(out, prefix.isEmpty() ? name : prefix + "." + name, object.get(name));
        }
      }
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          flatten(out, prefix + "." + i, list.get(i));
        }
        if (list.isEmpty()) {
          out.put(prefix, "[]");
        }
      }
      case null -> out.put(prefix, "None");
      default -> out.put(prefix, scalar(value.toString()));
    }
  }

  private static String scalar(String value) {
    return switch (value) {
      case "on", "yes", "true" -> "on";
      case "off", "no", "false" -> "off";
      default ->
          value.matches("0x[0-9a-fA-F]+")
              ? Long.toUnsignedString(Long.parseUnsignedLong(value.substring(2), 16))
              : value;
    };
  }

  private static List<String> described(List<Option> options) {
    Map<String, Map<String, String>> nodes = new HashMap<>();
    Set<String> secrets = new HashSet<>();
    for (Option o : options) {
      if (o.flag.equals("-blockdev") && o.values.containsKey("node-name")) {
        nodes.put(o.values.get("node-name"), o.values);
      }
      if (o.flag.equals("-object") && "secret".equals(o.values.get("qom-type"))) {
        secrets.add(o.values.getOrDefault("id", ""));
      }
    }
    Map<String, String> names = nodeNames(options, nodes);
    Map<String, String> used = new HashMap<>();
    for (Option o : options) {
      String node = o.values.get("node-name");
      String who =
          node != null && names.containsKey(node)
              ? names.get(node)
              : o.values.getOrDefault("id", o.flag);
      for (Map.Entry<String, String> e : o.values.entrySet()) {
        if (!e.getKey().equals("id") && secrets.contains(e.getValue())) {
          used.putIfAbsent(e.getValue(), "secret-of:" + who + ":" + e.getKey());
        }
      }
    }
    return options.stream().map(o -> line(o, names, used)).toList();
  }

  private static Map<String, String> nodeNames(
      List<Option> options, Map<String, Map<String, String>> nodes) {
    Map<String, String> names = new HashMap<>();
    for (Option o : options) {
      if (Set.of("-device", "-global", "-machine").contains(o.flag)) {
        for (String key : List.of("drive", "pflash0", "pflash1")) {
          String node = o.values.get(key);
          if (node != null && nodes.containsKey(node)) {
            name(names, nodes, node, o.values.getOrDefault("id", o.flag) + ":" + key);
          }
        }
      }
    }
    for (Option o : options) {
      if (o.flag.equals("-object") || o.flag.equals("-fw_cfg")) {
        for (Map.Entry<String, String> e : o.values.entrySet()) {
          if (!e.getKey().equals("id") && nodes.containsKey(e.getValue())) {
            name(names, nodes, e.getValue(), o.values.get("id") + ":" + e.getKey());
          }
        }
      }
    }
    return names;
  }

  private static void name(
      Map<String, String> names,
      Map<String, Map<String, String>> nodes,
      String node,
      String label) {
    if (nodes.containsKey(node) && names.putIfAbsent(node, label) == null) {
      for (Map.Entry<String, String> e : nodes.get(node).entrySet()) {
        if (nodes.containsKey(e.getValue())) {
          name(names, nodes, e.getValue(), label + "/" + e.getKey());
        }
      }
    }
  }

  private static String line(Option o, Map<String, String> names, Map<String, String> used) {
    boolean secret = o.flag.equals("-object") && "secret".equals(o.values.get("qom-type"));
    List<String> parts = new ArrayList<>();
    for (Map.Entry<String, String> e : o.values.entrySet()) {
      String k = e.getKey();
      String v = e.getValue();
      if (DESCRIPTORS.contains(k) || k.endsWith(".fd")) {
        v = v.replaceAll("[^:]+", "FD");
      }
      v = names.getOrDefault(v, v);
      v = used.getOrDefault(v, v);
      if (secret && Set.of("data", "iv", "file").contains(k)) {
        v = "SECRET";
      }
      if (secret && k.equals("keyid")) {
        v = "KEY";
      }
      if (v.startsWith("/dev/fdset/")) {
        v = "/dev/fdset/N";
      }
      parts.add(k + "=" + ownPath(v));
    }
    return o.flag + " " + String.join(",", parts);
  }

  private static String ownPath(String value) {
    Matcher own = OWN.matcher(value);
    return OWN_START.matcher(value).find() && own.find()
        ? value.substring(0, own.start()) + "OWN/" + own.group(1)
        : value;
  }
}
