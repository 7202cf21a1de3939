package launcher.engine.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import launcher.drivers.lxc.LxcDriver;
import launcher.drivers.plan.FileStep;
import launcher.engine.Console;
import launcher.engine.EngineException;
import launcher.engine.EngineException.Kind;
import launcher.engine.console.ConsoleHub;
import launcher.engine.run.RunRecord;
import launcher.engine.store.FileTail;
import launcher.schemas.XmlElement;
import launcher.spawn.Child;
import launcher.spawn.CommandSpec;
import launcher.spawn.Descriptor;
import launcher.spawn.Environment;
import launcher.spawn.SpawnException;
import launcher.spawn.Spawner;
import launcher.spawn.StandardInput;
import launcher.spawn.StandardOutput;
import launcher.spawn.libc.Calls;

/**
 * The terminals of a container. LXC holds them, so that they outlive every daemon; {@code
 * lxc-console} connects one to a pseudo-terminal of ours while somebody looks.
 */
final class ContainerConsoles implements AutoCloseable {
  /** What a new view shows of the log: about a screen. */
  private static final int SCREEN = 4096;

  private static final Duration TAKEN = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(5);

  private final RunRecord record;
  private final Spawner spawner;
  private final Map<Integer, ConsoleHub> hubs = new HashMap<>();

  ContainerConsoles(RunRecord record, Spawner spawner) {
    this.record = record;
    this.spawner = spawner;
  }

  synchronized Console open(XmlElement live, String device, boolean replay) {
    int number = number(live, device);
    ConsoleHub hub =
        hubs.computeIfAbsent(
            number, n -> new ConsoleHub(record.name() + " " + n, () -> connect(n)));
    try {
      return hub.view(() -> replay && number == 0 ? tail(live) : new byte[0]);
    } catch (IOException | SpawnException e) {
      throw new EngineException(
          Kind.FAILED,
          "the console of container '" + record.name() + "' cannot be opened: " + e.getMessage(),
          e);
    }
  }

  /** {@code console1} or {@code 1} is the second; each console has its own number. */
  private int number(XmlElement live, String device) {
    int count = live.child("devices").map(d -> d.children("console").size()).orElse(0);
    String digits = device.replaceFirst("^console", "");
    int number =
        digits.isEmpty() ? 0 : digits.matches("[0-9]{1,4}") ? Integer.parseInt(digits) : -1;
    if (number < 0 || (number > 0 && number >= count)) {
      throw new EngineException(
          Kind.NOT_FOUND, "container '" + record.name() + "' has no terminal '" + device + "'");
    }
    return number;
  }

  private int connect(int number) throws IOException {
    PseudoTerminal terminal = PseudoTerminal.open();
    Descriptor slave = new Descriptor.OpenFile(terminal.slave(), Descriptor.Access.READ_WRITE);
    Path folder = folder();
    CommandSpec command =
        CommandSpec.of("lxc-console")
            .add("--lxcpath=" + LxcDriver.lxcPath(isRoot(), folder))
            .add("--name=" + folder.getFileName())
            // no key of the person's is taken for a command to lxc-console itself
            .add("--tty=" + number, "--escape=-1")
            .environment(Environment.common())
            .input(new StandardInput.From(slave))
            .output(new StandardOutput.To(slave))
            .error(new StandardOutput.To(slave))
            .daemon()
            .build();
    try {
      Child child = spawner.start(command);
      awaitTaken(terminal, child);
      terminal.plain();
      var unused = child.onExit().thenAccept(completed -> child.close());
      return terminal.master();
    } catch (IOException | SpawnException e) {
      Calls.close(terminal.master());
      throw e;
    }
  }

  // What is typed before lxc-console has taken the terminal, it throws away.
  private static void awaitTaken(PseudoTerminal terminal, Child child) throws IOException {
    long deadline = System.nanoTime() + TAKEN.toNanos();
    while (!terminal.taken()) {
      if (child.await(LOOK).isPresent() || System.nanoTime() > deadline) {
        child.stop(Duration.ZERO);
        child.close();
        throw new IOException("lxc-console does not reach it");
      }
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name", "").equals("root");
  }

  private Path folder() {
    return record.steps().stream()
        .filter(FileStep.WriteFile.class::isInstance)
        .map(step -> ((FileStep.WriteFile) step).path())
        .filter(path -> path.endsWith("config"))
        .map(path -> Objects.requireNonNull(path.getParent()))
        .findFirst()
        .orElseThrow();
  }

  private byte[] tail(XmlElement live) throws IOException {
    List<XmlElement> consoles =
        live.child("devices").map(d -> d.children("console")).orElse(List.of());
    Path log =
        consoles.stream()
            .findFirst()
            .flatMap(console -> console.value("log/@file"))
            .map(Path::of)
            .orElseGet(() -> folder().resolve("console.log"));
    return FileTail.of(log, SCREEN);
  }

  @Override
  public void close() {
    // Each hub ends by itself: with the container, or when nobody looks any more.
    hubs.clear();
  }
}
