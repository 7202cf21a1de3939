package launcher.schemas;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known word that someone who wrote another one may have meant. */
public final class Spelling {
  private Spelling() {}

  /**
   * The nearest of the known words, none when even that one differs in more than a third of its
   * letters.
   */
  public static Optional<String> nearest(String word, Collection<String> known) {
    return known.stream()
        .filter(k -> isNear(word, k))
        .min(Comparator.comparingInt((String k) -> distance(word, k)).thenComparing(k -> k));
  }

  // by the lengths first: a hostile word may have a million letters, and the table their product
  private static boolean isNear(String word, String known) {
    int most = Math.max(1, Math.min(word.length(), known.length()) / 3);
    return Math.abs(word.length() - known.length()) <= most && distance(word, known) <= most;
  }

  /** Edits (insert, delete, replace, swap of neighbours) between two words, case aside. */
  static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(int[][] d, String a, String b, int i, int j) {
    int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
