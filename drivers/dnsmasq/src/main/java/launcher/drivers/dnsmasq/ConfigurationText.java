package launcher.drivers.dnsmasq;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Lines of a configuration of dnsmasq. Whatever a value holds, it stays one value of one line: a
 * value with a sign that dnsmasq reads is quoted, one that no quotes can hold is refused.
 */
final class ConfigurationText {
  private static final Pattern PLAIN =
      Pattern.compile("[^\\s\"#,\\\\](?:[^\"#,\\\\]*[^\\s\"#,\\\\])?");

  // NUL, line breaks and other control signs end a line or are dropped by dnsmasq's reader.
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

  // dnsmasq reads lines into a buffer of 1025 bytes (MAXDNAME) and cuts what is longer.
  private static final int LONGEST = 1000;

  private final StringBuilder text = new StringBuilder();

  ConfigurationText comment(String comment) {
    return raw("# " + CONTROL.matcher(comment).replaceAll("?"));
  }

  ConfigurationText flag(String name) {
    return raw(name);
  }

  ConfigurationText set(String name, String value) {
    return raw(name + "=" + value);
  }

  /** A line as it is, checked only not to be two. */
  ConfigurationText raw(String line) {
    if (CONTROL.matcher(line).find()) {
      throw new DnsmasqException("'" + printable(line) + "' would not stay one line for dnsmasq");
    }
    if (line.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw new DnsmasqException(
          "'"
              + line.substring(0, 60)
              + "…' is longer than the "
              + LONGEST
              + " bytes dnsmasq reads");
    }
    text.append(line).append('\n');
    return this;
  }

  /** A text as one value of a list, quoted where dnsmasq would read a sign in it. */
  static String value(String value) {
    if (PLAIN.matcher(value).matches()) {
      return value;
    }
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String printable(String line) {
    return CONTROL.matcher(line).replaceAll("?");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
