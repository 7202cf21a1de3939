package launcher.spawn;

/** How a program ended. */
public sealed interface ExitStatus {
  /**
   * By itself.
   *
   * @param code 0 to 255
   */
  record Exited(int code) implements ExitStatus {
    @Override
    public String toString() {
      return "exit status " + code;
    }
  }

  /**
   * By a signal.
   *
   * @param number 1 to 64
   * @param core true when it left a core dump
   */
  record Signalled(int number, boolean core) implements ExitStatus {
    @Override
    public String toString() {
      String name = Signal.of(number).map(signal -> "SIG" + signal).orElse("signal " + number);
      return "killed by " + name + (core ? ", core dumped" : "");
    }
  }

  /** Exit status 0. */
  default boolean success() {
    return this instanceof Exited(int code) && code == 0;
  }
}
