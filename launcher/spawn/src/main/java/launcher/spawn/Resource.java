package launcher.spawn;

import java.util.Locale;
import java.util.Optional;

/** What setrlimit(2) limits, in the order of Linux's numbers on x86_64 and aarch64. */
public enum Resource {
  CPU,
  FSIZE,
  DATA,
  STACK,
  CORE,
  RSS,
  NPROC,
  NOFILE,
  MEMLOCK,
  AS,
  LOCKS,
  SIGPENDING,
  MSGQUEUE,
  NICE,
  RTPRIO,
  RTTIME;

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
