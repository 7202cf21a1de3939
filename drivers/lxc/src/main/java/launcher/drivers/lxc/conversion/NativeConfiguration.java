package launcher.drivers.lxc.conversion;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import launcher.schemas.XmlProblem;

/**
 * A configuration file of LXC as LXC reads it: a later single value replaces an earlier one, lists
 * grow, and an empty value begins a list anew (lxc.container.conf(5)).
 */
final class NativeConfiguration {
  /**
   * One line of the file.
   *
   * @param line from 1
   * @param file the one it stands in
   */
  record Entry(String key, String value, int line, String file) {
    XmlProblem problem(String message) {
      return new XmlProblem(file, line, 1, message);
    }
  }

  /** More includes within one another than anybody writes. */
  private static final int DEEPEST = 8;

  private final List<Entry> entries;

  private NativeConfiguration(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Reads a file and those that it includes, in their places.
   *
   * @param includes where those are found
   * @param problems where lines that are none are added
   */
  static NativeConfiguration read(
      String file, String text, NativeIncludes includes, List<XmlProblem> problems) {
    List<Entry> entries = new ArrayList<>();
    read(file, text, includes, List.of(), problems, entries);
    return new NativeConfiguration(entries);
  }

  private static void read(
      String file,
      String text,
      NativeIncludes includes,
      List<String> outer,
      List<XmlProblem> problems,
      List<Entry> entries) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      int sign = stripped.indexOf('=');
      if (sign < 1) {
        problems.add(new XmlProblem(file, number, 1, "'" + stripped + "' is not 'key = value'"));
        continue;
      }
      String key = LegacyKeys.current(stripped.substring(0, sign).strip());
      Entry entry = new Entry(key, unquoted(stripped.substring(sign + 1).strip()), number, file);
      if (!key.equals("lxc.include") || entry.value().isEmpty()) {
        entries.add(entry);
      } else if (outer.size() >= DEEPEST || outer.contains(entry.value())) {
        problems.add(entry.problem("'" + entry.value() + "' includes itself, or is too deep"));
      } else {
        include(entry, includes, outer, problems, entries);
      }
    }
  }

  private static void include(
      Entry entry,
      NativeIncludes includes,
      List<String> outer,
      List<XmlProblem> problems,
      List<Entry> entries) {
    List<String> inside = new ArrayList<>(outer);
    inside.add(entry.value());
    try {
      for (NativeIncludes.Included found : includes.find(entry.value())) {
        read(found.name(), found.text(), includes, inside, problems, entries);
      }
    } catch (IOException e) {
      problems.add(
          entry
              .problem("'" + entry.value() + "' is not included: " + e.getMessage() + ", left out")
              .asWarning());
    }
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() > 1
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** Every line. */
  List<Entry> entries() {
    return entries;
  }

  /** A single value: the last one said, none when that is empty. */
  Optional<Entry> last(String key) {
    List<Entry> all = entries.stream().filter(e -> e.key().equals(key)).toList();
    return all.isEmpty() || all.getLast().value().isEmpty()
        ? Optional.empty()
        : Optional.of(all.getLast());
  }

  /** The text of a single value. */
  Optional<String> value(String key) {
    return last(key).map(Entry::value);
  }

  /** The first of the keys that is there. */
  Optional<Entry> last(String key, String other) {
    return last(key).or(() -> last(other));
  }

  /** A list: everything said since it was last emptied. */
  List<Entry> list(String key) {
    List<Entry> list = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.key().equals(key)) {
        if (entry.value().isEmpty()) {
          list.clear();
        } else {
          list.add(entry);
        }
      }
    }
    return list;
  }

  /** The links: number to what is said of it, by the end of each key. */
  List<NativeLink> links() {
    TreeMap<Integer, NativeLink> links = new TreeMap<>();
    int legacy = -1;
    for (Entry entry : entries) {
      String key = entry.key();
      if (key.startsWith("lxc.network.")) {
        // Before LXC 3 a link began with its type; the numbers are ours.
        legacy += key.equals("lxc.network.type") ? 1 : 0;
        String rest = LegacyKeys.link(key.substring("lxc.network.".length()));
        links.computeIfAbsent(Math.max(0, legacy), n -> new NativeLink()).add(rest, entry);
      } else if (key.matches("lxc\\.net\\.[0-9]{1,4}\\..+")) {
        String[] words = key.split("\\.", 4);
        int number = Integer.parseInt(words[2]);
        links.computeIfAbsent(number, n -> new NativeLink()).add(words[3], entry);
      }
    }
    return List.copyOf(links.values());
  }
}
