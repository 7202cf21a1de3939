package launcher.drivers.qemu.cpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets of numbers as domain XML writes them: {@code 0-3,^2,7}. */
public final class CpuSet {
  private static final Pattern PART = Pattern.compile("\\s*(\\^?)(\\d{1,6})(?:-(\\d{1,6}))?\\s*");

  /** The highest number that a set can hold, far beyond any machine. */
  public static final int MOST = 999_999;

  private CpuSet() {}

  /** The numbers of a text; parts that cannot be read are passed over, the schema refuses them. */
  public static BitSet parse(String text) {
    BitSet set = new BitSet();
    for (String part : text.split(",", -1)) {
      Matcher matcher = PART.matcher(part);
      if (matcher.matches()) {
        int first = Integer.parseInt(matcher.group(2));
        int last = matcher.group(3) == null ? first : Integer.parseInt(matcher.group(3));
        if (last >= first) {
          set.set(first, last + 1, matcher.group(1).isEmpty());
        }
      }
    }
    return set;
  }

  /** Whether a text is a set. */
  public static boolean valid(String text) {
    return List.of(text.split(",", -1)).stream().allMatch(p -> PART.matcher(p).matches());
  }

  /** The runs of a set: {@code 0-1}, {@code 5}. */
  public static List<String> runs(BitSet set) {
    List<String> runs = new ArrayList<>();
    for (int first = set.nextSetBit(0); first >= 0; ) {
      int end = set.nextClearBit(first);
      runs.add(end - 1 == first ? Integer.toString(first) : first + "-" + (end - 1));
      first = set.nextSetBit(end);
    }
    return runs;
  }

  /** The set as text, in the shortest form. */
  public static String write(BitSet set) {
    return String.join(",", runs(set));
  }
}
