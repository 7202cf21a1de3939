package launcher.drivers.qemu.capabilities;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.json.JsonObject;

/**
 * What QMP's commands and their arguments are, as {@code query-qmp-schema} tells it.
 *
 * <p>Paths walk from a command's arguments or an event's data: a plain step is a member, {@code
 * +step} a variant of a tagged union, {@code ^step} a value of an enumeration, {@code $step} a
 * feature: {@code "blockdev-add/+nbd/tls-hostname"}.
 */
public final class QmpSchema {
  private final Map<String, JsonObject> entries = new HashMap<>();

  QmpSchema(List<JsonObject> schema) {
    for (JsonObject entry : schema) {
      entries.put(entry.string("name", ""), entry);
    }
  }

  /** Whether the schema is there and a path does not exist: what is not known is let through. */
  public boolean lacks(String path) {
    return !entries.isEmpty() && !has(path);
  }

  /** Whether a path exists, see the class for its form. */
  public boolean has(String path) {
    String[] steps = path.split("/", -1);
    if (steps.length == 1 || !entries.containsKey(steps[0])) {
      return entries.containsKey(steps[0]);
    }
    JsonObject here = entries.getOrDefault(steps[0], JsonObject.EMPTY);
    Optional<JsonObject> at =
        steps[1].startsWith("$") ? Optional.of(here) : type(here.string("arg-type", ""));
    for (int i = 1; i < steps.length && at.isPresent(); i++) {
      at = step(at.get(), steps[i]);
    }
    return at.isPresent();
  }

  private Optional<JsonObject> type(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  private Optional<JsonObject> step(JsonObject from, String step) {
    JsonObject here =
        from.has("element-type") ? type(from.string("element-type", "")).orElse(from) : from;
    String name = step.substring(1);
    return switch (step.charAt(0)) {
      case '+' ->
          here.objects("variants").stream()
              .filter(v -> v.string("case", "").equals(name))
              .findFirst()
              .flatMap(v -> type(v.string("type", "")));
      case '^' -> here.strings("values").contains(name) ? Optional.of(here) : Optional.empty();
      case '$' -> here.strings("features").contains(name) ? Optional.of(here) : Optional.empty();
      default -> member(here, step);
    };
  }

  private Optional<JsonObject> member(JsonObject here, String name) {
    for (JsonObject member : here.objects("members")) {
      if (member.string("name", "").equals(name)) {
        Optional<JsonObject> type = type(member.string("type", ""));
        return type.isPresent() ? type : Optional.of(JsonObject.EMPTY);
      }
    }
    for (JsonObject alternative : here.objects("members")) {
      Optional<JsonObject> inside =
          alternative.has("name")
              ? Optional.empty()
              : type(alternative.string("type", "")).flatMap(t -> member(t, name));
      if (inside.isPresent()) {
        return inside;
      }
    }
    return Optional.empty();
  }
}
