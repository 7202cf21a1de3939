package launcher.spawn;

import java.util.Optional;

/** The signals people send, with Linux's numbers on x86_64 and aarch64 (signal(7)). */
public enum Signal {
  HUP(1),
  INT(2),
  QUIT(3),
  ILL(4),
  TRAP(5),
  ABRT(6),
  BUS(7),
  FPE(8),
  KILL(9),
  USR1(10),
  SEGV(11),
  USR2(12),
  PIPE(13),
  ALRM(14),
  TERM(15),
  STKFLT(16),
  CHLD(17),
  CONT(18),
  STOP(19),
  TSTP(20),
  TTIN(21),
  TTOU(22),
  URG(23),
  XCPU(24),
  XFSZ(25),
  VTALRM(26),
  PROF(27),
  WINCH(28),
  IO(29),
  PWR(30),
  SYS(31);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /** The kernel's number. */
  public int number() {
    return number;
  }

  /** Finds {@code TERM} or {@code SIGTERM}, in any case. */
  public static Optional<Signal> find(String word) {
    for (Signal signal : values()) {
      if (signal.name().equalsIgnoreCase(word) || ("SIG" + signal.name()).equalsIgnoreCase(word)) {
        return Optional.of(signal);
      }
    }
    return Optional.empty();
  }

  /** The signal of a number, if it has a name here. */
  public static Optional<Signal> of(int number) {
    for (Signal signal : values()) {
      if (signal.number == number) {
        return Optional.of(signal);
      }
    }
    return Optional.empty();
  }
}
