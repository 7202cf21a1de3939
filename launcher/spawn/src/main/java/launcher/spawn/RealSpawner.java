package launcher.spawn;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Starts processes by way of the executor; docs/start.md tells the whole way. Any number of threads
 * may share one.
 */
public final class RealSpawner implements Spawner {
  private static final Duration DRESSING = Duration.ofSeconds(60);

  private final PosixSpawn posixSpawn;
  private final Duration deadline;

  /**
   * With the executor beside the jars, or the one the property {@code launcher.spawn.executor}
   * names.
   *
   * @throws SpawnException when there is none, or others could write it
   */
  public RealSpawner() {
    this(ExecutorFile.find(), DRESSING);
  }

  /**
   * With a given executor.
   *
   * @param executor owned by root or the caller, writable by nobody else
   * @param deadline how long a process may take to dress, such as to open a file on a slow network
   * @throws SpawnException when the executor is missing or others could write it
   */
  public RealSpawner(Path executor, Duration deadline) {
    this(new PosixSpawn(ExecutorFile.trusted(executor)), deadline);
  }

  RealSpawner(PosixSpawn posixSpawn, Duration deadline) {
    this.posixSpawn = posixSpawn;
    this.deadline = deadline;
    ChildSignal.keepStatuses();
  }

  @Override
  public Child start(CommandSpec command) {
    return begin(command, false).awaitExec().pumpInBackground();
  }

  @Override
  public HeldChild hold(CommandSpec command) {
    Birth birth = begin(command, true);
    birth.awaitReady();
    return new RealHeldChild(birth);
  }

  @Override
  public Completed run(CommandSpec command) {
    try (RealChild child = begin(command, false).awaitExec()) {
      return child.runToEnd(null).orElseThrow();
    }
  }

  @Override
  public Completed run(CommandSpec command, Duration longest) {
    try (RealChild child = begin(command, false).awaitExec()) {
      Optional<Completed> completed = child.runToEnd(longest);
      if (completed.isEmpty()) {
        child.stop(Duration.ofSeconds(2));
      }
      return completed.orElseThrow(() ->
          SpawnException.ended(
              command.program(), "did not end within " + longest.toMillis() + " ms"));
    }
  }

  private Birth begin(CommandSpec command, boolean handshake) {
    Path program = Programs.resolve(command.program());
    return Birth.begin(posixSpawn, command, program, handshake, deadline);
  }

  /**
   * Opens a file with another user's rights, in a process of its own: for folders where root is
   * nobody (NFS with root_squash).
   *
   * @param file what to open and how
   * @param identity whose rights
   * @return a descriptor of this process, close-on-exec, which the caller closes
   * @throws SpawnException when that user may not
   */
  public int openAs(Descriptor.OpenFile file, Identity identity) {
    return new FileOpener(posixSpawn, deadline).open(file, identity);
  }
}
