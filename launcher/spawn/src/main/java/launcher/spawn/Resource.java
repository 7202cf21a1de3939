package launcher.spawn;

import java.util.Locale;
import java.util.Optional;

/** What setrlimit(2) limits, with Linux's numbers on x86_64 and aarch64. */
public enum Resource {
  CPU(0),
  FSIZE(1),
  DATA(2),
  STACK(3),
  CORE(4),
  RSS(5),
  NPROC(6),
  NOFILE(7),
  MEMLOCK(8),
  AS(9),
  LOCKS(10),
  SIGPENDING(11),
  MSGQUEUE(12),
  NICE(13),
  RTPRIO(14),
  RTTIME(15);

  private final int number;

  Resource(int number) {
    this.number = number;
  }

  /** The kernel's number. */
  public int number() {
    return number;
  }

  /** {@code nofile}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds {@code nofile}, in any case. */
  public static Optional<Resource> find(String word) {
    for (Resource resource : values()) {
      if (resource.name().equalsIgnoreCase(word)) {
        return Optional.of(resource);
      }
    }
    return Optional.empty();
  }
}
