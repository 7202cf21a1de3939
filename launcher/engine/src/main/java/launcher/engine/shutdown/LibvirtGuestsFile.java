package launcher.engine.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An existing configuration of libvirt-guests ({@code /etc/default/libvirt-guests}, {@code
 * /etc/sysconfig/libvirt-guests}), read as data: see {@link ShellAssignments}.
 *
 * @param policy what its settings mean here
 * @param remarks settings that mean nothing here, or something else, in words
 */
public record LibvirtGuestsFile(HostPolicy policy, List<String> remarks) {
  private static final Set<String> KNOWN =
      Set.of(
          "URIS",
          "ON_BOOT",
          "START_DELAY",
          "ON_SHUTDOWN",
          "PARALLEL_SHUTDOWN",
          "SHUTDOWN_TIMEOUT",
          "BYPASS_CACHE",
          "SYNC_TIME",
          "PERSISTENT_ONLY");

  /** The longest time of a setting; whoever writes more means for ever. */
  private static final int LONGEST_SECONDS = 86_400;

  public LibvirtGuestsFile {
    remarks = List.copyOf(remarks);
  }

  /**
   * Reads the file's text.
   *
   * @param file its name, for the words of a refusal; Debian's, under {@code /etc/default}, has
   *     other defaults than upstream's
   * @throws IllegalArgumentException naming every line that is not a plain assignment, or every
   *     value that is impossible
   */
  public static LibvirtGuestsFile parse(String text, String file) {
    Map<String, String> values = ShellAssignments.parse(text, file);
    return new Mapping(values, file).result();
  }

  /** The settings on their way to a policy, with what is to be said about them. */
  private static final class Mapping {
    private final Map<String, String> values;
    private final String file;
    private final boolean debian;
    private final List<String> remarks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    Mapping(Map<String, String> values, String file) {
      this.values = values;
      this.file = file;
      this.debian = file.startsWith("/etc/default/");
    }

    LibvirtGuestsFile result() {
      boolean shutDown = text("ON_SHUTDOWN", debian ? "shutdown" : "suspend").equals("shutdown");
      boolean resume = text("ON_BOOT", debian ? "ignore" : "start").equals("start");
      int timeout = number("SHUTDOWN_TIMEOUT", 300, LONGEST_SECONDS);
      int parallel = number("PARALLEL_SHUTDOWN", 0, Integer.MAX_VALUE);
      Duration delay = Duration.ofSeconds(number("START_DELAY", 0, 3600));
      remark(timeout, parallel);
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(String.join("\n", problems));
      }
      boolean together = shutDown && parallel > 1;
      Duration each = timeout == 0 ? Ladder.LONGEST : Duration.ofSeconds(timeout);
      // libvirt-guests leaves a guest that does not answer to whoever stops the host
      Ladder ladder =
          new Ladder(
              List.of(
                  new Rung(shutDown ? Act.ACPI : Act.SAVE, each),
                  new Rung(Act.LEAVE, Ladder.USUAL)));
      HostPolicy policy =
          new HostPolicy(
              ladder,
              together ? each : Ladder.LONGEST,
              together ? Math.min(parallel, HostPolicy.MOST_PARALLEL) : 1,
              resume,
              transients(text("PERSISTENT_ONLY", "default"), shutDown),
              delay,
              isOn("BYPASS_CACHE"),
              isOn("SYNC_TIME"));
      return new LibvirtGuestsFile(policy, remarks);
    }

    private void remark(int timeout, int parallel) {
      if (timeout == 0) {
        remarks.add(
            "SHUTDOWN_TIMEOUT=0 waits for ever; here the budget of "
                + Ladder.LONGEST.toHours()
                + " h ends the wait");
      }
      if (parallel > HostPolicy.MOST_PARALLEL) {
        remarks.add("PARALLEL_SHUTDOWN=" + parallel + " is more than " + HostPolicy.MOST_PARALLEL);
      }
      String uris = text("URIS", "default");
      if (!uris.equals("default")) {
        remarks.add("URIS='" + uris + "' has no meaning here: launcher has one set of guests");
      }
      for (String name : new TreeSet<>(values.keySet())) {
        if (!KNOWN.contains(name)) {
          remarks.add(name + " is no setting of libvirt-guests, ignoring");
        }
      }
    }

    private static boolean transients(String persistentOnly, boolean shutDown) {
      return switch (persistentOnly) {
        case "true" -> false;
        case "false" -> true;
        default -> shutDown;
      };
    }

    /** An empty value is one that is not set. */
    private String text(String name, String usual) {
      String value = values.getOrDefault(name, "");
      return value.isEmpty() ? usual : value;
    }

    private boolean isOn(String name) {
      return !text(name, "0").equals("0");
    }

    private int number(String name, int usual, int most) {
      String value = text(name, Integer.toString(usual));
      try {
        return Settings.number(name, value, 0, most);
      } catch (IllegalArgumentException e) {
        problems.add(file + ": " + e.getMessage());
        return usual;
      }
    }
  }
}
