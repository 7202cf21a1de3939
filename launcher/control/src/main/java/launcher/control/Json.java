package launcher.control;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value (RFC 8259). Hand-written, because the command line client must start in a few tens
 * of milliseconds and a library costs more than its whole budget.
 */
public sealed interface Json {

  /** A string. */
  record Text(String value) implements Json {}

  /** A number without fraction, in the range of a long. */
  record Whole(long value) implements Json {}

  /** Any other number. */
  record Real(double value) implements Json {}

  /** True or false. */
  record Bool(boolean value) implements Json {}

  /** The value {@code null}. */
  enum Null implements Json {
    /** The only one. */
    NULL
  }

  /** An array. */
  record Array(List<Json> items) implements Json {
    /** Copies the items. */
    public Array {
      items = List.copyOf(items);
    }

    /** An array of strings. */
    public static Array ofTexts(Iterable<String> texts) {
      List<Json> items = new ArrayList<>();
      texts.forEach(text -> items.add(new Text(text)));
      return new Array(items);
    }
  }

  /** An object; the order of its members is kept. */
  record Members(Map<String, Json> members) implements Json {
    /** Copies the members. */
    public Members {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The member of that name, if there is one that is not null. */
    public Optional<Json> find(String name) {
      return Optional.ofNullable(members.get(name)).filter(value -> value != Null.NULL);
    }

    /**
     * The text of a member.
     *
     * @throws ControlException when there is none or it is not a string
     */
    public String text(String name) {
      return findText(name)
          .orElseThrow(() -> new ControlException(Outcome.USAGE, "'" + name + "' is missing"));
    }

    /** The text of a member, if it is there and a string. */
    public Optional<String> findText(String name) {
      return find(name).map(value -> value instanceof Text(String text) ? text : null);
    }

    /** The number of a member, if it is there and whole. */
    public Optional<Long> findWhole(String name) {
      return find(name).map(value -> value instanceof Whole(long whole) ? (Long) whole : null);
    }

    /** Whether a member is there and true. */
    public boolean isTrue(String name) {
      return members.get(name) instanceof Bool(boolean value) && value;
    }

    /** The items of a member that is an array; none when it is absent or something else. */
    public List<Json> items(String name) {
      return members.get(name) instanceof Array(List<Json> items) ? items : List.of();
    }

    /** The strings of a member that is an array. */
    public List<String> texts(String name) {
      List<String> texts = new ArrayList<>();
      for (Json item : items(name)) {
        if (item instanceof Text(String text)) {
          texts.add(text);
        }
      }
      return List.copyOf(texts);
    }

    /** The object of a member; an empty one when it is absent or something else. */
    public Members object(String name) {
      return members.get(name) instanceof Members object ? object : new Members(Map.of());
    }

    /** These members and those, the latter winning. */
    public Members with(Members others) {
      Map<String, Json> all = new LinkedHashMap<>(members);
      all.putAll(others.members);
      return new Members(all);
    }
  }

  /**
   * An object of names and values in turn: {@code Json.object("name", "web1", "pid", 4711)}. Values
   * may be strings, whole and real numbers, booleans, lists, maps, optionals, {@code Json} and
   * null; a member whose value is null or an empty optional is left out.
   */
  static Members object(@Nullable Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
      Json value = of(namesAndValues[i + 1]);
      if (value != Null.NULL) {
        members.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return new Members(members);
  }

  /**
   * The JSON value of a Java value.
   *
   * @throws IllegalArgumentException for a type that has none
   */
  @SuppressWarnings("IfChainToSwitch") // a switch over types costs a command a third of its time
  static Json of(@Nullable Object value) {
    // Not a switch over types: its first use costs a command a third of its whole time (JDK 25).
    if (value == null) {
      return Null.NULL;
    } else if (value instanceof Json json) {
      return json;
    } else if (value instanceof String text) {
      return new Text(text);
    } else if (value instanceof Boolean flag) {
      return new Bool(flag);
    } else if (value instanceof Long || value instanceof Integer) {
      return new Whole(((Number) value).longValue());
    } else if (value instanceof Double number) {
      return new Real(number);
    } else if (value instanceof Enum<?> constant) {
      return new Text(constant.toString());
    } else if (value instanceof Optional<?> optional) {
      return of(optional.isPresent() ? optional.get() : null);
    } else if (value instanceof Iterable<?> values) {
      return array(values);
    } else if (value instanceof Map<?, ?> map) {
      return object(map);
    }
    throw new IllegalArgumentException("no JSON value for " + value.getClass());
  }

  private static Array array(Iterable<?> values) {
    List<Json> items = new ArrayList<>();
    values.forEach(value -> items.add(of(value)));
    return new Array(items);
  }

  private static Members object(Map<?, ?> map) {
    Map<String, Json> members = new LinkedHashMap<>();
    map.forEach((name, value) -> members.put(String.valueOf(name), of(value)));
    return new Members(members);
  }
}
