package launcher.engine.qemu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.capabilities.QmpExchange;
import launcher.drivers.qemu.command.JsonWriter;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import launcher.spawn.Child;
import org.jspecify.annotations.Nullable;

/** Questions to a QEMU over its standard streams; everything said is kept for the cache. */
final class LiveExchange implements QmpExchange {
  private final Child qemu;
  private final BufferedReader answers;
  private final StringBuilder recording = new StringBuilder();

  /** Begins with the greeting and the agreement on capabilities. */
  LiveExchange(Child qemu) throws IOException {
    this.qemu = qemu;
    answers = new BufferedReader(new InputStreamReader(qemu.output(), StandardCharsets.UTF_8));
    if (answers.readLine() == null) {
      throw new IOException("it ended without a greeting");
    }
    ask("qmp_capabilities", Map.of());
  }

  @Override
  public Optional<Object> ask(String command, Map<String, @Nullable Object> arguments) {
    Props question = Props.of("execute", command);
    if (!arguments.isEmpty()) {
      question.put("arguments", props(arguments));
    }
    try {
      qemu.input().write((question.json() + "\n").getBytes(StandardCharsets.UTF_8));
      qemu.input().flush();
      String answer = answers.readLine();
      while (answer != null && answer.startsWith("{\"timestamp\"")) {
        answer = answers.readLine();
      }
      if (answer == null) {
        throw new IOException("it ended at the question " + JsonWriter.string(command));
      }
      recording.append(question.json()).append('\n').append(answer).append('\n');
      JsonObject reply = JsonText.object(answer);
      return Optional.ofNullable(reply.get("return"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Props props(Map<?, ?> values) {
    Props props = Props.empty();
    values.forEach((key, value) -> {
      String name = String.valueOf(key);
      switch (value) {
        case null -> {
          // QMP leaves out what is null
        }
        case Number number -> props.put(name, number.longValue());
        case Boolean truth -> props.put(name, truth.booleanValue());
        case Map<?, ?> inner -> props.put(name, props(inner));
        default -> props.put(name, value.toString());
      }
    });
    return props;
  }

  /** Questions and answers in turn, as a recorded exchange reads them. */
  String recording() {
    return recording.toString();
  }
}
