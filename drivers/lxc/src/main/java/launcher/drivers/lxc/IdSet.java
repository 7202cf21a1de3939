package launcher.drivers.lxc;

import java.util.Optional;
import java.util.TreeSet;

/**
 * A set of processors or NUMA nodes, as {@code 0-3,^2,7}.
 *
 * @param members the numbers in it
 */
public record IdSet(TreeSet<Integer> members) {
  /** More than any kernel has; keeps a mistyped range from filling memory. */
  private static final int LARGEST = 16_383;

  /** Copies the set. */
  public IdSet {
    members = new TreeSet<>(members);
  }

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException when it is none, or a number is above 16383
   */
  public static IdSet parse(String text) {
    TreeSet<Integer> members = new TreeSet<>();
    for (String part : text.strip().split("\\s*,\\s*", -1)) {
      if (part.startsWith("^")) {
        members.remove(number(part.substring(1), text));
        continue;
      }
      String[] ends = part.split("-", 2);
      int first = number(ends[0], text);
      int last = ends.length == 1 ? first : number(ends[1], text);
      for (int i = first; i <= last; i++) {
        members.add(i);
      }
    }
    if (members.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' has no number");
    }
    return new IdSet(members);
  }

  /** Reads a list, none when it is none. */
  static Optional<IdSet> find(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The shortest list that says the same, none when the text is no list. */
  public static Optional<String> canonical(String text) {
    return find(text).map(IdSet::toString);
  }

  private static int number(String word, String whole) {
    String digits = word.strip();
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > LARGEST) {
      throw new IllegalArgumentException("'" + whole + "' is not a list of numbers such as 0-3,7");
    }
    return Integer.parseInt(digits);
  }

  /** {@code 0-1,3,7}: the shortest list. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    Integer member = members.isEmpty() ? null : members.first();
    while (member != null) {
      int last = member;
      while (members.contains(last + 1)) {
        last++;
      }
      text.append(text.isEmpty() ? "" : ",").append(member);
      if (last > member) {
        text.append('-').append(last);
      }
      member = members.higher(last);
    }
    return text.toString();
  }
}
