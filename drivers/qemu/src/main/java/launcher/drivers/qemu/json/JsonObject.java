package launcher.drivers.qemu.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that was read. Values are {@code String}, {@code Long}, {@code Double}, {@code
 * Boolean}, {@code List}, {@code JsonObject} or null; a value of another kind than asked for is
 * treated as absent.
 */
public final class JsonObject {
  /** An object without members. */
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  private final Map<String, @Nullable Object> members;

  JsonObject(Map<String, @Nullable Object> members) {
    this.members = members;
  }

  /** The names of the members, in their order. */
  public Iterable<String> names() {
    return members.keySet();
  }

  /** Whether there is such a member, null included. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** A member as it is. */
  public @Nullable Object get(String name) {
    return members.get(name);
  }

  /** A text. */
  public Optional<String> string(String name) {
    return members.get(name) instanceof String s ? Optional.of(s) : Optional.empty();
  }

  /** A text, or the given one where it is absent. */
  public String string(String name, String absent) {
    return members.get(name) instanceof String s ? s : absent;
  }

  /** A whole number, or the given one where it is absent. */
  public long number(String name, long absent) {
    return members.get(name) instanceof Long n ? n : absent;
  }

  /** A truth, or the given one where it is absent. */
  public boolean bool(String name, boolean absent) {
    return members.get(name) instanceof Boolean b ? b : absent;
  }

  /** An object, an empty one where it is absent. */
  public JsonObject object(String name) {
    return members.get(name) instanceof JsonObject o ? o : EMPTY;
  }

  /** The objects of an array; an empty list where it is absent. */
  public List<JsonObject> objects(String name) {
    List<JsonObject> found = new ArrayList<>();
    if (members.get(name) instanceof List<?> list) {
      for (Object o : list) {
        if (o instanceof JsonObject object) {
          found.add(object);
        }
      }
    }
    return found;
  }

  /** The texts of an array; an empty list where it is absent. */
  public List<String> strings(String name) {
    List<String> found = new ArrayList<>();
    if (members.get(name) instanceof List<?> list) {
      for (Object o : list) {
        if (o instanceof String s) {
          found.add(s);
        }
      }
    }
    return found;
  }

  /** The members, in their order. */
  public Map<String, @Nullable Object> members() {
    return new LinkedHashMap<>(members);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonObject o && o.members.equals(members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return members.toString();
  }
}
