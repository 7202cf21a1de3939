package launcher.engine.network;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.engine.EngineException;
import launcher.spawn.Bytes;
import launcher.spawn.CommandBuilder;
import launcher.spawn.CommandSpec;
import launcher.spawn.Environment;
import launcher.spawn.Spawner;
import launcher.spawn.StandardInput;

/**
 * The host's own tools for links and packet rules: ip, bridge and tc of iproute2, nft of nftables.
 */
final class HostTools {
  /** None of them waits for anybody; a second is long. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Lines of a batch are split at blanks and read quotes; no word of ours needs either. */
  private static final Pattern LINE = Pattern.compile("[A-Za-z0-9_.:/@%+ -]+");

  /** One word of a line; the first sign keeps it from being an option. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:][A-Za-z0-9_.:/@%+-]*");

  private final Spawner spawner;

  HostTools(Spawner spawner) {
    this.spawner = spawner;
  }

  /**
   * A text that is one word of a line, however it came into the XML.
   *
   * @throws EngineException when it is not
   */
  static String word(String text) {
    if (!WORD.matcher(text).matches()) {
      throw new EngineException(
          EngineException.Kind.INVALID, "'" + text + "' cannot be the name or address of a link");
    }
    return text;
  }

  /**
   * What {@code ip -json} tells.
   *
   * @throws launcher.spawn.SpawnException when ip refuses
   */
  List<JsonObject> ip(String... words) {
    CommandBuilder command = tool("ip").add("-json").add("-details").addAll(List.of(words));
    String text = spawner.run(command.build(), LONGEST).orThrow().text();
    return text.isBlank() ? List.of() : JsonText.object("{\"all\":" + text + "}").objects("all");
  }

  /**
   * Carries out lines of {@code ip -batch}, up to the first that fails.
   *
   * @throws launcher.spawn.SpawnException when one fails
   */
  void ipBatch(List<String> lines) {
    batch("ip", lines);
  }

  /** Carries out lines of {@code bridge -batch}, as {@link #ipBatch}. */
  void bridgeBatch(List<String> lines) {
    batch("bridge", lines);
  }

  /** What a bridge knows of hardware addresses, as {@code bridge -json fdb} tells. */
  List<JsonObject> addresses(String bridge) {
    CommandSpec command =
        tool("bridge").addAll(List.of("-json", "fdb", "show", "br", bridge)).build();
    String text = spawner.run(command, LONGEST).orThrow().text();
    return text.isBlank() ? List.of() : JsonText.object("{\"all\":" + text + "}").objects("all");
  }

  /** Carries out lines of {@code tc -batch}, as {@link #ipBatch}. */
  void tcBatch(List<String> lines) {
    batch("tc", lines);
  }

  private void batch(String program, List<String> lines) {
    for (String line : lines) {
      if (!LINE.matcher(line).matches()) {
        throw new IllegalArgumentException("'" + line + "' is no line for " + program + " -batch");
      }
    }
    run(tool(program).add("-batch", "-"), String.join("\n", lines) + "\n");
  }

  /**
   * Carries out a text of nft as one transaction.
   *
   * @throws launcher.spawn.SpawnException when nft refuses; nothing of it has happened then
   */
  void nft(String text) {
    run(tool("nft").add("-f", "-"), text);
  }

  /** Every packet rule of the host, as {@code nft -j list ruleset} tells. */
  List<JsonObject> nftRules() {
    CommandSpec command = tool("nft").add("-j", "list", "ruleset").build();
    String text = spawner.run(command, LONGEST).orThrow().text();
    return text.isBlank() ? List.of() : JsonText.object(text).objects("nftables");
  }

  private void run(CommandBuilder command, String input) {
    CommandSpec spec = command.input(new StandardInput.Fed(Bytes.of(input))).build();
    spawner.run(spec, LONGEST).orThrow();
  }

  private static CommandBuilder tool(String program) {
    return CommandSpec.of(program).environment(Environment.common()).capture();
  }
}
