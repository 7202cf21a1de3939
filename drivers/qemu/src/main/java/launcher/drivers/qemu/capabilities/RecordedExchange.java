package launcher.drivers.qemu.capabilities;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * A recorded QMP conversation that answers in place of a binary. Questions are found by command and
 * arguments, whatever their order; what was not asked when it was recorded is answered with an
 * error.
 */
public final class RecordedExchange implements QmpExchange {
  private final Map<String, Object> answers = new HashMap<>();

  private RecordedExchange() {}

  /**
   * The conversations of a recording: each begins with {@code qmp_capabilities}. The first was held
   * with the best accelerator of the host, a second one with TCG.
   *
   * @param text JSON objects, question and answer in turn
   */
  public static List<RecordedExchange> conversations(String text) {
    List<RecordedExchange> found = new ArrayList<>();
    JsonObject question = JsonObject.EMPTY;
    for (JsonObject message : JsonText.objects(text)) {
      if (message.has("execute")) {
        question = message;
        if (message.string("execute", "").equals("qmp_capabilities")) {
          found.add(new RecordedExchange());
        }
      } else if (!found.isEmpty() && message.has("return")) {
        found.getLast().answer(question, message.get("return"));
      }
    }
    return found;
  }

  private void answer(JsonObject question, @Nullable Object answer) {
    if (answer != null) {
      answers.put(key(question), answer);
    }
  }

  private static String key(JsonObject question) {
    return question.string("execute", "") + canonical(question.get("arguments"));
  }

  // members in the order of their names, whether the arguments come from Java or from JSON
  private static String canonical(@Nullable Object value) {
    return switch (value) {
      case null -> "{}";
      case JsonObject object -> canonical(object.members());
      case Map<?, ?> map -> {
        List<String> parts = new ArrayList<>();
        map.forEach((k, v) -> parts.add(k + ":" + canonical(v)));
        parts.sort(String::compareTo);
        yield "{" + String.join(",", parts) + "}";
      }
      default -> value.toString();
    };
  }

  @Override
  public Optional<Object> ask(String command, Map<String, @Nullable Object> arguments) {
    return Optional.ofNullable(answers.get(command + canonical(arguments)));
  }
}
