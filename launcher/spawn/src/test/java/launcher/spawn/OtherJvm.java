package launcher.spawn;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Programs for a JVM of their own, for what cannot be tested in the JVM that runs the tests. */
final class OtherJvm {
  private OtherJvm() {}

  static List<String> words(Class<?> program, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-D" + ExecutorFile.PROPERTY + "=" + System.getProperty(ExecutorFile.PROPERTY),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    words.addAll(List.of(arguments));
    return words;
  }

  static CommandBuilder command(Class<?> program, String... arguments) {
    List<String> words = words(program, arguments);
    return CommandSpec.of(words.getFirst()).addAll(words.subList(1, words.size()));
  }

  /** Says how a child finds its signals, and how a second one ended. */
  static final class PrintStatus {
    private PrintStatus() {}

    public static void main(String[] arguments) throws Exception {
      RealSpawner spawner = new RealSpawner();
      try (Child child = spawner.start(CommandSpec.of("/bin/sleep").add("60").build())) {
        String ignored = new ProcFacts(child.pid()).status("SigIgn");
        child.stop(Duration.ofSeconds(60));
        System.out.print("SigIgn " + ignored + " ");
      }
      System.out.print(
          spawner.run(CommandSpec.of("/bin/busybox").add("sh", "-c", "exit 5").build()).status()
              + "\n");
    }
  }

  /** Holds a child at the handshake, prints its pid, and waits to be killed. */
  static final class HoldForEver {
    private HoldForEver() {}

    public static void main(String[] arguments) throws Exception {
      CommandBuilder command =
          CommandSpec.of("/bin/busybox").add("touch", arguments[1]).pidFile(Path.of(arguments[0]));
      System.out.println(new RealSpawner().hold(command.build()).pid());
      System.in.read();
    }
  }

  /** Starts a daemon and ends at once. */
  static final class StartDaemon {
    private StartDaemon() {}

    public static void main(String[] arguments) {
      CommandBuilder command =
          CommandSpec.of("/bin/sleep").add("600").daemon().pidFile(Path.of(arguments[0]));
      System.out.println(new RealSpawner().start(command.build()).pid());
    }
  }

  /**
   * Starts a child with a death signal from a thread that ends, says so, and waits to be killed.
   */
  static final class DeathSignal {
    private DeathSignal() {}

    public static void main(String[] arguments) throws Exception {
      CommandSpec command =
          CommandSpec.of("/bin/sleep").add("600").parentDeathSignal(Signal.TERM).build();
      int[] pid = new int[1];
      Thread shortLived =
          Thread.ofPlatform().start(() -> pid[0] = new RealSpawner().start(command).pid());
      shortLived.join();
      System.out.println(pid[0]);
      System.in.read();
    }
  }
}
