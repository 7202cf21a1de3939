package launcher.spawn;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A child that never was: it has ended already, with the answer it was given. */
record RecordedChild(int pid, CommandSpec command, RecordingSpawner.Answer answer)
    implements Child {
  @Override
  public OutputStream input() {
    return OutputStream.nullOutputStream();
  }

  @Override
  public InputStream output() {
    return new ByteArrayInputStream(answer.output().toArray());
  }

  @Override
  public InputStream error() {
    return new ByteArrayInputStream(answer.error().toArray());
  }

  @Override
  public Completed await() {
    return new Completed(command, answer.status(), answer.output(), answer.error(), false);
  }

  @Override
  public Optional<Completed> await(Duration timeout) {
    return Optional.of(await());
  }

  @Override
  public CompletableFuture<Completed> onExit() {
    return CompletableFuture.completedFuture(await());
  }

  @Override
  public boolean isAlive() {
    return false;
  }

  @Override
  public boolean signal(Signal signal) {
    return false;
  }

  @Override
  public Completed stop(Duration grace) {
    return await();
  }

  @Override
  public void close() {}
}
