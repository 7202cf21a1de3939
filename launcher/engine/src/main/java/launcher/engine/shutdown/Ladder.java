package launcher.engine.shutdown;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rungs that are tried on a guest, gentlest first. Written {@code save 300s, acpi 60s,
 * power-off}; a rung without a time has {@link #USUAL}.
 *
 * @param rungs at least one
 */
public record Ladder(List<Rung> rungs) {
  private static final Pattern RUNG = Pattern.compile("([a-z-]+)(?:\\s+(\\d{1,6})\\s*(s|min)?)?");

  /** The deadline of a rung that names none. */
  public static final Duration USUAL = Duration.ofSeconds(60);

  /** The longest deadline of a rung: a typing error must not hold a host for days. */
  public static final Duration LONGEST = Duration.ofHours(24);

  /**
   * For a virtual machine that is defined: the saved memory has the time that a large one needs.
   */
  public static final Ladder SAVED = parse("save 300s, acpi 60s, power-off 10s");

  /**
   * For what cannot be saved: transient guests, whose saved state nobody would look for, and
   * containers.
   */
  public static final Ladder SHUT_DOWN = parse("acpi 60s, power-off 10s");

  public Ladder {
    rungs = List.copyOf(rungs);
    if (rungs.isEmpty()) {
      throw new IllegalArgumentException("A ladder has at least one rung");
    }
  }

  /**
   * Reads a ladder.
   *
   * @throws IllegalArgumentException saying which rung is wrong, and what is possible
   */
  public static Ladder parse(String text) {
    List<Rung> rungs = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher rung = RUNG.matcher(part.strip());
      if (!rung.matches()) {
        throw new IllegalArgumentException(
            "'" + part.strip() + "' is no rung, such as 'save 300s'");
      }
      Act act =
          Act.of(rung.group(1))
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "'" + rung.group(1) + "' is none of save, agent, acpi, power-off, leave"));
      rungs.add(new Rung(act, deadline(rung.group(2), rung.group(3))));
    }
    return new Ladder(rungs);
  }

  private static Duration deadline(String number, String unit) {
    if (number == null) {
      return USUAL;
    }
    long count = Long.parseLong(number);
    Duration deadline = "min".equals(unit) ? Duration.ofMinutes(count) : Duration.ofSeconds(count);
    if (!deadline.isPositive() || deadline.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "A deadline is 1 s to 24 h, not '" + number + (unit == null ? "" : unit) + "'");
    }
    return deadline;
  }

  /** The same without the acts that this guest cannot have; power-off when nothing is left. */
  Ladder without(Act... impossible) {
    List<Act> gone = List.of(impossible);
    List<Rung> left = rungs.stream().filter(r -> !gone.contains(r.act())).toList();
    return left.isEmpty() ? new Ladder(List.of(new Rung(Act.POWER_OFF, USUAL))) : new Ladder(left);
  }

  @Override
  public String toString() {
    return rungs.stream().map(Rung::toString).collect(Collectors.joining(", "));
  }
}
