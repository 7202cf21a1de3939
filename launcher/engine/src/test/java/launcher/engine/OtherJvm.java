package launcher.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import launcher.spawn.CommandSpec;
import launcher.spawn.Completed;
import launcher.spawn.Environment;
import launcher.spawn.RealSpawner;

/** Programs for a JVM of their own, which may die. */
public final class OtherJvm {
  private OtherJvm() {}

  /** Runs a class's {@code main} there. */
  static CommandSpec command(Class<?> program, String... arguments) {
    String path =
        System.getProperty("java.class.path")
            + ":"
            + System.getProperty("jdk.module.path", "")
            + ":"
            + Path.of("target/test-classes").toAbsolutePath();
    return CommandSpec.of(Path.of(System.getProperty("java.home"), "bin", "java"))
        .add("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1")
        .addPair("-Dlauncher.spawn.executor", System.getProperty("launcher.spawn.executor", ""))
        .add("-cp", path)
        .add(program.getName())
        .addAll(List.of(arguments))
        .environment(Environment.common())
        .capture()
        .build();
  }

  /** The same until it halts with the status of one that is killed, which it must. */
  public static Completed killed(Class<?> program, String... arguments) {
    Completed ended = new RealSpawner().run(command(program, arguments));
    assertTrue(ended.status().toString().contains("137"), ended.status() + ended.error().text());
    return ended;
  }
}
