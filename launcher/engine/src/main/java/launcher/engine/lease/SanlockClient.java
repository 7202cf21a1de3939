package launcher.engine.lease;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;

/** The program sanlock(8), which says how it went in its last word: {@code acquire done -243}. */
final class SanlockClient {
  private static final Pattern RESULT = Pattern.compile("done (-?\\d+)");
  private static final Pattern OWNER = Pattern.compile("(?m)^owner_id (\\d+)$");
  private static final Pattern NAME = Pattern.compile("(?m)^resource_name (.*)$");

  private final Spawner spawner;
  private final Path daemon;

  SanlockClient(Spawner spawner, Path daemon) {
    this.spawner = spawner;
    this.daemon = daemon;
  }

  /**
   * Asks the daemon, or the storage itself.
   *
   * @return 0, or what went wrong as sanlock numbers it: minus errno, or below -200
   */
  int ask(Duration deadline, String... words) throws LeaseException {
    String said = say(deadline, words);
    Matcher result = RESULT.matcher(said);
    int found = Integer.MIN_VALUE;
    while (result.find()) {
      found = Integer.parseInt(result.group(1));
    }
    if (found == Integer.MIN_VALUE) {
      throw new LeaseException("is not got, sanlock says: " + said.strip());
    }
    return found;
  }

  private String say(Duration deadline, String... words) throws LeaseException {
    CommandSpec command =
        CommandSpec.of("sanlock")
            .addAll(List.of(words))
            .environment(Environment.common())
            .variable("SANLOCK_RUN_DIR", daemon.toString())
            .capture()
            .build();
    try {
      Completed completed = spawner.run(command, deadline);
      return completed.text() + completed.error().text();
    } catch (SpawnException e) {
      throw new LeaseException("is not got: " + e.getMessage(), e);
    }
  }

  /** Everything a process holds, in sanlock's words. */
  String held(Duration deadline, String process) throws LeaseException {
    return say(deadline, "client", "inquire", "-p", process);
  }

  /** The number of the host that a resource was given to last; 0 when nobody has it. */
  int owner(Duration deadline, String resource) throws LeaseException {
    Matcher owner = OWNER.matcher(say(deadline, "direct", "read_leader", "-r", resource));
    return owner.find() ? Integer.parseInt(owner.group(1)) : 0;
  }

  /** What a host calls itself. */
  Optional<String> host(Duration deadline, String lockspace) throws LeaseException {
    Matcher name = NAME.matcher(say(deadline, "direct", "read_leader", "-s", lockspace));
    return name.find() ? Optional.of(name.group(1).strip()) : Optional.empty();
  }
}
