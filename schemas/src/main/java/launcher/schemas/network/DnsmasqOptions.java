package launcher.schemas.network;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.schemas.XmlElement;

/**
 * Rules on the options passed to dnsmasq unread. They are the administrator's own, but none may run
 * a program (there is no shell here, not by a detour either), read another configuration, or take
 * back what launcher rests on.
 */
final class DnsmasqOptions {
  private static final Pattern OPTION = Pattern.compile("([a-z0-9][a-z0-9-]*)(\\s*=.*)?");

  private static final Set<String> RUNS_PROGRAMS =
      Set.of(
          "dhcp-script",
          "dhcp-luascript",
          "dhcp-scriptuser",
          "conf-script",
          "script-arp",
          "script-on-renewal");

  private static final Set<String> READS_MORE = Set.of("conf-file", "conf-dir");

  private static final Set<String> LAUNCHERS_OWN =
      Set.of(
          "user",
          "group",
          "pid-file",
          "no-daemon",
          "keep-in-foreground",
          "dhcp-leasefile",
          "leasefile-ro",
          "log-facility",
          "enable-dbus",
          "enable-ubus",
          "test",
          "help",
          "version");

  private DnsmasqOptions() {}

  static void check(Network network, Problems problems) {
    XmlElement root = network.element();
    for (XmlElement options : root.children("options")) {
      for (XmlElement option : options.children("option")) {
        String refusal = refusal(option.attribute("value", ""));
        if (!refusal.isEmpty()) {
          problems.add(option, refusal);
        }
      }
    }
  }

  private static String refusal(String line) {
    Matcher option = OPTION.matcher(line);
    if (!option.matches()) {
      return "'" + line + "' is no option of dnsmasq: write 'name' or 'name=value'";
    }
    String name = option.group(1);
    if (RUNS_PROGRAMS.contains(name)) {
      return "dnsmasq option '" + name + "' runs a program, which is not done here";
    }
    if (READS_MORE.contains(name)) {
      return "dnsmasq option '" + name + "' reads another configuration: write its lines here";
    }
    return LAUNCHERS_OWN.contains(name) ? "dnsmasq option '" + name + "' is launcher's to set" : "";
  }
}
