package launcher.bench.spawn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.Spawner;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;

/** A small C process that starts programs on request and says how long each took. */
final class PeersInC implements AutoCloseable {
  private final Child process;

  private PeersInC(Child process) {
    this.process = process;
  }

  /** Compiles and starts it. */
  static PeersInC compile(Spawner spawner, Path source, Path folder) {
    Path program = folder.resolve("spawn-peers");
    spawner
        .run(
            CommandSpec.of("cc")
                .add("-O2", "-o", program.toString(), source.toString())
                .environment(Environment.common())
                .capture()
                .build())
        .orThrow();
    return new PeersInC(
        spawner.start(
            CommandSpec.of(program)
                .input(new StandardInput.Piped())
                .output(new StandardOutput.Piped())
                .build()));
  }

  /** Nanoseconds of one start to its end. */
  long time(char which) throws IOException {
    process.input().write(which);
    byte[] answer = process.output().readNBytes(Long.BYTES);
    return ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder()).getLong();
  }

  @Override
  public void close() {
    process.close();
  }
}
