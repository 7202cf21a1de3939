package launcher.spawn;

import java.time.Duration;

/**
 * Starts processes: the one door. {@code RealSpawner} does, {@link RecordingSpawner} pretends, for
 * tests.
 */
public interface Spawner {
  /**
   * Starts a program and returns when it runs: execve(2) has succeeded, its pid file is written and
   * locked.
   *
   * @throws SpawnException naming the step that failed; nothing is left of the child then
   */
  Child start(CommandSpec command);

  /**
   * Starts a process that stops, dressed, right before it becomes the program.
   *
   * @throws SpawnException naming the step that failed; nothing is left of the child then
   */
  HeldChild hold(CommandSpec command);

  /**
   * Runs a program to its end.
   *
   * @throws SpawnException when it does not start; an exit status other than 0 is a value, see
   *     {@link Completed#orThrow}
   */
  default Completed run(CommandSpec command) {
    try (Child child = start(command)) {
      return child.await();
    }
  }

  /**
   * Runs a program to its end, or ends it at the deadline.
   *
   * @throws SpawnException when it does not start or does not end in time
   */
  default Completed run(CommandSpec command, Duration deadline) {
    try (Child child = start(command)) {
      return child
          .await(deadline)
          .orElseThrow(() -> {
            child.stop(Duration.ofSeconds(2));
            return SpawnException.ended(
                command.program(), "did not end within " + deadline.toMillis() + " ms");
          });
    }
  }
}
