package launcher.engine.lxc;

import java.util.List;
import java.util.OptionalInt;
import launcher.engine.host.InitProcess;

/**
 * What a first process is told by which signals, the likeliest first. Number 1 of a pid namespace
 * gets no signal that it does not catch (pid_namespaces(7)), so one is chosen that it does.
 */
enum InitSignal {
  /** SIGRTMIN+4 for systemd (systemd(1)), SIGPWR for SysV and busybox, SIGTERM for the rest. */
  SHUTDOWN("SIGRTMIN+4, SIGPWR or SIGTERM", List.of(38, 30, 15), '0'),
  /** SIGRTMIN+5 for systemd, SIGINT for SysV and busybox, SIGHUP as libvirt has it. */
  REBOOT("SIGRTMIN+5, SIGINT or SIGHUP", List.of(39, 2, 1), '6');

  private final String words;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable, its type does not say so
  private final List<Integer> numbers;

  private final char level;

  InitSignal(String words, List<Integer> numbers, char level) {
    this.words = words;
    this.numbers = numbers;
    this.level = level;
  }

  /** The run level of SysV's init that means the same. */
  char level() {
    return level;
  }

  String words() {
    return words;
  }

  /** What SysV's and busybox's init wait for in a way that only who may look into them sees. */
  int usual() {
    return numbers.get(1);
  }

  OptionalInt heededBy(int init) {
    return numbers.stream()
        .mapToInt(Integer::intValue)
        .filter(number -> InitProcess.heeds(init, number))
        .findFirst();
  }
}
