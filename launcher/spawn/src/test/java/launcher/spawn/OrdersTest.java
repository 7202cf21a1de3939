package launcher.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Java writes and C reads. */
class OrdersTest {
  private static final Path SOURCES = Path.of("src/main/c");
  @TempDir Path folder;

  private static List<String> namesAfter(String text, String start, String prefix) {
    String body = text.substring(text.indexOf(start), text.indexOf("};", text.indexOf(start)));
    Matcher names =
        Pattern.compile("\\b" + prefix + "([A-Z_]+)").matcher(body.replaceAll("/\\*.*?\\*/", ""));
    List<String> found = new ArrayList<>();
    while (names.find()) {
      found.add(names.group(1));
    }
    return found;
  }

  @Test
  void bothSidesNumberTheOrdersAlike() throws Exception {
    List<String> names =
        namesAfter(Files.readString(SOURCES.resolve("orders.h")), "enum order_type", "ORDER_");
    assertEquals("TYPES", names.removeLast());
    assertEquals(names, Arrays.stream(Orders.Type.values()).map(Enum::name).toList());
    for (Orders.Type type : Orders.Type.values()) {
      assertEquals(names.indexOf(type.name()) + 1, type.number());
    }
  }

  @Test
  void bothSidesNumberTheStepsAlike() throws Exception {
    List<String> names =
        namesAfter(Files.readString(SOURCES.resolve("orders.h")), "enum step", "STEP_");
    List<SpawnStep> steps =
        Arrays.stream(SpawnStep.values()).filter(step -> step.number() >= 20).toList();
    assertEquals(names.size(), steps.size());
    for (int at = 0; at < names.size(); at++) {
      assertEquals(20 + at, steps.get(at).number(), names.get(at));
    }
  }

  private static byte[] realOrders() {
    CommandSpec command =
        CommandSpec.of("/bin/true")
            .add("a", "b")
            .variable("K", "V")
            .umask(022)
            .confinement(
                Confinement.NONE
                    .withIdentity(new Identity(1, 1, List.of(2L, 3L)))
                    .withCapabilities(CapabilitySets.none()))
            .build();
    Inheritance nothing =
        new Inheritance(List.of(0, 1, 2), Map.of(), Map.of(), List.of(), 4, false);
    return OrderWriter.write(command, command.program(), nothing, true, 1).toBytes();
  }

  /**
   * The real executor with broken orders: it leaves or says which step, and is never killed by a
   * signal of its own making.
   */
  @Test
  void executorSurvivesBrokenOrders() throws Exception {
    PosixSpawn posixSpawn = new PosixSpawn(Path.of(System.getProperty(ExecutorFile.PROPERTY)));
    Random random = new Random(20261123);
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      refused += refuses(posixSpawn, broken(realOrders(), random)) ? 1 : 0;
    }
    assertTrue(refused > 300, "only " + refused + " were refused: the mutations are too weak");
  }

  private static boolean refuses(PosixSpawn posixSpawn, byte[] orders) throws Exception {
    Optional<ControlSocket.Report> report;
    PidDescriptor process;
    try (ControlSocket control = new ControlSocket()) {
      control.post(orders);
      int number = control.theirs() + 1;
      Inheritance nothing =
          new Inheritance(List.of(), Map.of(), Map.of(), List.of(), number, false);
      process = PidDescriptor.ofNewborn(posixSpawn.start(control.theirs(), nothing));
      control.finishPosting();
      control.halfClose();
      report = control.hear(Duration.ofMinutes(1));
    }
    ExitStatus status = process.await(Duration.ofMinutes(1)).orElseThrow();
    process.letGo();
    assertTrue(
        status instanceof ExitStatus.Exited, () -> status + " after " + Arrays.toString(orders));
    return report.isPresent() && !report.get().ready();
  }

  private static byte[] broken(byte[] orders, Random random) {
    ByteBuffer buffer = ByteBuffer.wrap(orders).order(ByteOrder.nativeOrder());
    switch (random.nextInt(4)) {
      case 0 -> {
        byte[] cut = Arrays.copyOf(orders, 8 + random.nextInt(orders.length - 8) / 8 * 8);
        ByteBuffer.wrap(cut).order(ByteOrder.nativeOrder()).putInt(4, cut.length - 8);
        return cut;
      }
      case 1 -> buffer.putInt(random.nextInt(orders.length / 4) * 4, random.nextInt());
      case 2 ->
          random.ints(5, 8, orders.length).forEach(at -> orders[at] = (byte) random.nextInt());
      default -> {
        byte[] noise = new byte[orders.length - 8];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, orders, 8, noise.length);
      }
    }
    return orders;
  }

  /** The parser alone, a million times, with the compiler's own checks of every access. */
  @Test
  void parserTouchesNothingBeyondTheOrders() throws Exception {
    ProcFacts.assumeProgram("/usr/bin/cc");
    Path harness = folder.resolve("fuzz");
    RealSpawner spawner = new RealSpawner();
    Completed compiled =
        spawner.run(
            CommandSpec.of("/usr/bin/cc")
                .add(
                    "-std=c17",
                    "-g",
                    "-O1",
                    "-fsanitize=address,undefined",
                    "-fno-sanitize-recover",
                    "-o")
                .add(harness.toString(), "src/test/c/fuzz_orders.c", "src/main/c/orders.c")
                .environment(Environment.common())
                .capture()
                .build());
    Assumptions.assumeTrue(
        compiled.status().success(),
        "needs a compiler with sanitizers: " + compiled.error().text());
    Path seed = Files.write(folder.resolve("seed"), realOrders());
    Completed fuzzed =
        spawner.run(
            CommandSpec.of(harness).add(seed.toString(), "1000000").capture().build(),
            Duration.ofMinutes(5));
    assertTrue(fuzzed.status().success(), fuzzed.error().text());
    assertTrue(fuzzed.text().startsWith("accepted "), fuzzed.text());
  }
}
