package launcher.engine.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An existing configuration of libvirt-guests ({@code /etc/default/libvirt-guests}, {@code
 * /etc/sysconfig/libvirt-guests}), read as data. The file is meant for a shell; here no shell ever
 * sees it: what is not a plain assignment is refused with its line.
 *
 * @param policy what its settings mean here
 * @param remarks settings that mean nothing here, or something else, in words
 */
public record LibvirtGuestsFile(HostPolicy policy, List<String> remarks) {
  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(?:'([^']*)'|\"([^\"$`\\\\]*)\"|([A-Za-z0-9_./:+,@%-]*))\\s*(?:#.*)?");

  public LibvirtGuestsFile {
    remarks = List.copyOf(remarks);
  }

  /**
   * Reads the file's text.
   *
   * @param file its name, for the words of a refusal
   * @throws IllegalArgumentException naming every line that is not a plain assignment, or whose
   *     value is impossible
   */
  public static LibvirtGuestsFile parse(String text, String file) {
    Map<String, String> values = assignments(text, file);
    List<String> remarks = new ArrayList<>();
    boolean shutDown = values.getOrDefault("ON_SHUTDOWN", "suspend").equals("shutdown");
    int timeout = number(values, "SHUTDOWN_TIMEOUT", 300, file);
    int parallel = number(values, "PARALLEL_SHUTDOWN", 0, file);
    if (timeout == 0) {
      remarks.add(
          "SHUTDOWN_TIMEOUT=0 waits for ever; here the budget of "
              + Ladder.LONGEST.toHours()
              + " h ends the wait");
    }
    String uris = values.getOrDefault("URIS", "default");
    if (!uris.equals("default")) {
      remarks.add("URIS='" + uris + "' has no meaning here: launcher has one set of guests");
    }
    Duration each = timeout == 0 ? Ladder.LONGEST : Duration.ofSeconds(timeout);
    Ladder ladder =
        shutDown
            // libvirt-guests leaves a guest that does not answer to whoever stops the host
            ? new Ladder(List.of(new Rung(Act.ACPI, each), new Rung(Act.LEAVE, Ladder.USUAL)))
            : new Ladder(List.of(new Rung(Act.SAVE, each), new Rung(Act.LEAVE, Ladder.USUAL)));
    HostPolicy policy =
        new HostPolicy(
            ladder,
            timeout == 0 || !(shutDown && parallel > 1) ? Ladder.LONGEST : each,
            shutDown ? Math.clamp(parallel, 1, HostPolicy.MOST_PARALLEL) : 1,
            values.getOrDefault("ON_BOOT", "start").equals("start"),
            transients(values.getOrDefault("PERSISTENT_ONLY", "default"), shutDown),
            Duration.ofSeconds(number(values, "START_DELAY", 0, file)),
            number(values, "BYPASS_CACHE", 0, file) != 0,
            number(values, "SYNC_TIME", 0, file) != 0);
    return new LibvirtGuestsFile(policy, remarks);
  }

  private static boolean transients(String persistentOnly, boolean shutDown) {
    return switch (persistentOnly) {
      case "true" -> false;
      case "false" -> true;
      default -> shutDown;
    };
  }

  private static Map<String, String> assignments(String text, String file) {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      Matcher assignment = ASSIGNMENT.matcher(stripped);
      if (assignment.matches()) {
        values.put(assignment.group(1), value(assignment));
      } else {
        problems.add(file + ":" + number + ": not a plain NAME=value, and no shell reads it here");
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return values;
  }

  private static String value(Matcher assignment) {
    for (int group = 2; group <= 4; group++) {
      if (assignment.group(group) != null) {
        return assignment.group(group);
      }
    }
    return "";
  }

  private static int number(Map<String, String> values, String name, int usual, String file) {
    String value = values.getOrDefault(name, "");
    try {
      return value.isEmpty() ? usual : Settings.number(name, value, 0, 86_400);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
