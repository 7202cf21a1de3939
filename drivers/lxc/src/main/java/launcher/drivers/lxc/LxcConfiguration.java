package launcher.drivers.lxc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A configuration file of LXC in the making: keys and values in their order
 * (lxc.container.conf(5)). Values are written so that LXC reads back exactly what was put in.
 */
final class LxcConfiguration {
  /**
   * One line.
   *
   * @param key such as {@code lxc.uts.name}
   */
  record Entry(String key, String value) {
    Entry {
      if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
        throw new IllegalArgumentException("The value of '" + key + "' has a control character");
      }
    }

    @Override
    public String toString() {
      return key + " = " + quoted(value);
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  /** Adds a line. Gives this configuration. */
  LxcConfiguration add(String key, String value) {
    entries.add(new Entry(key, value));
    return this;
  }

  /** Adds a line with a number. Gives this configuration. */
  LxcConfiguration add(String key, long value) {
    return add(key, Long.toString(value));
  }

  /** Adds a line where there is a value. Gives this configuration. */
  LxcConfiguration add(String key, Optional<String> value) {
    value.ifPresent(v -> add(key, v));
    return this;
  }

  /**
   * Adds a mount.
   *
   * @param target absolute, inside the container
   * @param type file system, {@code none} for a bind mount
   */
  LxcConfiguration mount(String source, String target, String type, String options) {
    return add(
        "lxc.mount.entry",
        "%s %s %s %s 0 0".formatted(octal(source), octal(relative(target)), type, options));
  }

  /** LXC takes an absolute target for one on the host, a relative one for inside. */
  private static String relative(String target) {
    return target.replaceFirst("^/+", "");
  }

  /** Blanks and backslashes as fstab(5) wants them. */
  private static String octal(String path) {
    return path.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011");
  }

  /** LXC strips blanks around a value, then one pair of quotes. */
  private static String quoted(String value) {
    boolean bare = value.strip().equals(value) && !value.startsWith("\"") && !value.startsWith("'");
    return bare ? value : '"' + value + '"';
  }

  /** The lines so far. */
  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** The file's text. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> text.append(entry).append('\n'));
    return text.toString();
  }
}
