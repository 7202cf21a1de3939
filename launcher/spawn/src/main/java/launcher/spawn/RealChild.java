package launcher.spawn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A running program. */
final class RealChild implements Child {
  private final CommandSpec command;
  private final PidDescriptor process;
  private final @Nullable StreamPump pump;
  private final OutputStream input;
  private final InputStream output;
  private final InputStream error;
  private @Nullable CompletableFuture<Completed> exit;
  private boolean closed;

  RealChild(
      CommandSpec command, PidDescriptor process, @Nullable StreamPump pump, Plumbing plumbing) {
    this.command = command;
    this.process = process;
    this.pump = pump;
    input = new DescriptorOutput(plumbing.takeInput());
    output = new DescriptorInput(plumbing.takeOutput());
    error = new DescriptorInput(plumbing.takeError());
  }

  /**
   * Feeds and captures on a thread of its own from now on, for a caller that does not wait at once.
   */
  RealChild pumpInBackground() {
    if (pump != null) {
      StreamPump background = pump;
      Thread.ofPlatform()
          .daemon()
          .name("launcher-spawn-" + pid())
          .start(() -> background.pump(null));
    }
    return this;
  }

  @Override
  public int pid() {
    return process.pid();
  }

  @Override
  public CommandSpec command() {
    return command;
  }

  @Override
  public OutputStream input() {
    return input;
  }

  @Override
  public InputStream output() {
    return output;
  }

  @Override
  public InputStream error() {
    return error;
  }

  @Override
  public Completed await() {
    return wait(null)
        .orElseThrow(
            () -> new IllegalStateException("Child " + pid() + " was closed while it ran"));
  }

  @Override
  public Optional<Completed> await(Duration timeout) {
    return wait(timeout);
  }

  private Optional<Completed> wait(@Nullable Duration timeout) {
    if (pump == null) {
      return process.await(timeout).map(this::completed);
    }
    // With a pump in the background the process is waited for first: the pump's own end follows at
    // once.
    Optional<ExitStatus> ended = process.await(timeout);
    ended.ifPresent(status -> pump.pump(null));
    return ended.map(this::completed);
  }

  /** Pumps on the caller's thread: for run, where the caller waits anyway. */
  Optional<Completed> runToEnd(@Nullable Duration deadline) {
    if (pump != null && !pump.pump(deadline)) {
      return Optional.empty();
    }
    return process.await(pump == null ? deadline : null).map(this::completed);
  }

  private Completed completed(ExitStatus status) {
    return pump == null
        ? new Completed(command, status, Bytes.EMPTY, Bytes.EMPTY, false)
        : pump.completed(command, status);
  }

  @Override
  public synchronized CompletableFuture<Completed> onExit() {
    if (exit == null) {
      CompletableFuture<Completed> future = new CompletableFuture<>();
      exit = future;
      Reaper.watch(process, () -> finish(future));
    }
    return exit.copy();
  }

  private void finish(CompletableFuture<Completed> future) {
    if (pump != null) {
      pump.pump(null);
    }
    process.status().ifPresent(status -> future.completeAsync(() -> completed(status)));
    letGoIfClosed();
  }

  private synchronized void letGoIfClosed() {
    if (closed) {
      process.letGo();
    }
  }

  @Override
  public boolean isAlive() {
    return process.status().isEmpty();
  }

  @Override
  public boolean signal(Signal signal) {
    return process.signal(signal.number());
  }

  @Override
  public Completed stop(Duration grace) {
    signal(Signal.TERM);
    return await(grace)
        .orElseGet(() -> {
          signal(Signal.KILL);
          return await();
        });
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    closeStreams();
    if (process.status().isPresent()) {
      process.letGo();
    } else if (exit == null) {
      Reaper.watch(process, process::letGo);
    }
  }

  private void closeStreams() {
    try (input;
        output;
        error) {
      // Closed in this order; what the program still writes to a closed pipe is its SIGPIPE.
    } catch (IOException impossible) {
      throw new IllegalStateException("close(2) of a pipe does not fail", impossible);
    }
  }
}
