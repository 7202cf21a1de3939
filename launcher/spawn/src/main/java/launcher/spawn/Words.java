package launcher.spawn;

/** Checks on the words handed to execve(2). */
final class Words {
  private Words() {}

  /** Refuses what C cannot carry: execve(2) would cut the word at the NUL. */
  static String refuseNul(String what, String text) {
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw new IllegalArgumentException(
          "A NUL at character " + (nul + 1) + " of an " + what + ": no program can receive it");
    }
    return text;
  }
}
