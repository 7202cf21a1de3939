package launcher.drivers.qemu.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import launcher.drivers.qemu.capabilities.QmpExchange;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import org.jspecify.annotations.Nullable;

/** A QEMU that was started for a test; its monitor is its standard input and output. */
final class LiveQemu implements QmpExchange, AutoCloseable {
  private static final long DEADLINE_SECONDS = 60;

  private final Process process;
  private final BufferedReader replies;
  private final Writer orders;
  private final Path errors;

  private LiveQemu(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    replies = process.inputReader(StandardCharsets.UTF_8);
    orders = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts a QEMU.
   *
   * @param errors file that gets what QEMU complains of
   */
  static LiveQemu start(List<String> command, Path errors) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("-qmp", "stdio"));
    Process process = new ProcessBuilder(all).redirectError(errors.toFile()).start();
    var _ =
        process
            .onExit()
            .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .whenComplete((p, late) -> process.destroyForcibly());
    return new LiveQemu(process, errors);
  }

  /** Waits for QEMU's greeting; none when it has left before. */
  boolean greets() throws IOException {
    return reply().isPresent() && ask("qmp_capabilities", Map.of()).isPresent();
  }

  // QEMU tells the names of its terminals among its replies.
  private Optional<JsonObject> reply() throws IOException {
    for (String line = replies.readLine(); line != null; line = replies.readLine()) {
      if (line.startsWith("{")) {
        return Optional.of(JsonText.object(line));
      }
    }
    return Optional.empty();
  }

  /** What QEMU has complained of. */
  String complaint() throws IOException {
    return Files.readString(errors).strip();
  }

  @Override
  public Optional<Object> ask(String command, Map<String, @Nullable Object> arguments) {
    try {
      orders.write(Props.of("execute", command).put("arguments", props(arguments)).json() + "\n");
      orders.flush();
      for (Optional<JsonObject> reply = reply(); reply.isPresent(); reply = reply()) {
        if (reply.get().has("return")) {
          return Optional.ofNullable(reply.get().get("return"));
        }
        if (reply.get().has("error")) {
          return Optional.empty();
        }
      }
    } catch (IOException e) {
      // QEMU has gone: there is no answer
    }
    return Optional.empty();
  }

  private static Props props(Map<?, ?> values) {
    Props props = Props.empty();
    values.forEach((key, value) -> {
      switch (value) {
        case Map<?, ?> inner -> props.put(key.toString(), props(inner));
        case Boolean truth -> props.put(key.toString(), truth);
        case Number number -> props.put(key.toString(), number.longValue());
        case null -> {}
        default -> props.put(key.toString(), value.toString());
      }
    });
    return props;
  }

  /** A property of a device that has an id. */
  Optional<Object> property(String device, String property) {
    return ask("qom-get", Map.of("path", "/machine/peripheral/" + device, "property", property));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
