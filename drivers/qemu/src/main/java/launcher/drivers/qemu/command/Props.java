package launcher.drivers.qemu.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys and values of one option, in their order, written as QEMU's JSON or as {@code
 * key=value,…}. A method that is given nothing adds nothing.
 */
public final class Props {
  private final Map<String, Object> values = new LinkedHashMap<>();

  private Props() {}

  /** Begins with nothing. */
  public static Props empty() {
    return new Props();
  }

  /** Begins with one text, such as {@code driver} or {@code qom-type}. */
  public static Props of(String key, String value) {
    return new Props().put(key, value);
  }

  /** Adds or replaces a text. */
  public Props put(String key, String value) {
    values.put(key, value);
    return this;
  }

  /** Adds or replaces a number. */
  public Props put(String key, long value) {
    values.put(key, value);
    return this;
  }

  /** Adds or replaces a truth. */
  public Props put(String key, boolean value) {
    values.put(key, value);
    return this;
  }

  /** Adds or replaces an object. */
  public Props put(String key, Props value) {
    values.put(key, value);
    return this;
  }

  /** Adds or replaces an array of texts, numbers or objects. */
  public Props put(String key, List<?> value) {
    values.put(key, List.copyOf(value));
    return this;
  }

  /** Adds a text if there is one. */
  public Props put(String key, Optional<String> value) {
    value.ifPresent(v -> values.put(key, v));
    return this;
  }

  /** Adds a number if there is one. */
  public Props put(String key, OptionalInt value) {
    value.ifPresent(v -> values.put(key, (long) v));
    return this;
  }

  /** Adds a number if there is one. */
  public Props put(String key, OptionalLong value) {
    value.ifPresent(v -> values.put(key, v));
    return this;
  }

  /** Adds a truth if there is one. */
  public Props truth(String key, Optional<Boolean> value) {
    value.ifPresent(v -> values.put(key, v));
    return this;
  }

  /** Adds JSON's null, which says that there is nothing; for JSON only. */
  public Props putNull(String key) {
    values.put(key, JsonWriter.NULL);
    return this;
  }

  /** Adds a truth for {@code on}/{@code yes} or {@code off}/{@code no}, if there is one. */
  public Props onOff(String key, Optional<String> value) {
    value.ifPresent(v -> values.put(key, v.equals("on") || v.equals("yes")));
    return this;
  }

  /** Adds all of another one. */
  public Props putAll(Props other) {
    values.putAll(other.values);
    return this;
  }

  /** A value that was put. */
  public Optional<Object> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** Takes a key away. */
  public Props remove(String key) {
    values.remove(key);
    return this;
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** As JSON, in one line. */
  public String json() {
    StringBuilder out = new StringBuilder(128);
    JsonWriter.write(out, values);
    return out.toString();
  }

  /**
   * As {@code first,key=value,…}: truths as {@code on} and {@code off}, commas doubled, objects as
   * {@code key.inner=}.
   *
   * @param implied key whose value is written first without its name, empty for none
   */
  public String text(String implied) {
    return flat("", values)
        .map(e -> e.getKey().equals(implied) ? e.getValue() : e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }

  private static Stream<Map.Entry<String, String>> flat(String prefix, Map<String, Object> values) {
    return values.entrySet().stream()
        .flatMap(e -> {
          String key = prefix + e.getKey();
          return switch (e.getValue()) {
            case Props inner -> flat(key + ".", inner.values);
            case List<?> list -> flat(key + ".", numbered(list));
            case Boolean b -> Stream.of(Map.entry(key, b ? "on" : "off"));
            case Object o -> Stream.of(Map.entry(key, escape(o.toString())));
          };
        });
  }

  private static Map<String, Object> numbered(List<?> list) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      map.put(Integer.toString(i), list.get(i));
    }
    return map;
  }

  /** A value inside {@code key=value,…}: QEMU reads a doubled comma as one. */
  public static String escape(String value) {
    return value.replace(",", ",,");
  }

  Map<String, Object> values() {
    return values;
  }

  @Override
  public String toString() {
    return json();
  }
}
