package launcher.engine.store;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.drivers.qemu.command.Props;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Records to JSON and back. Components are texts, numbers, truths, paths, times, enums, optionals,
 * lists, maps from text, records, and sealed interfaces of records, which carry their simple name
 * as {@code is}. So that a step needs no code of its own to be remembered.
 */
public final class RecordJson {
  private static final String KIND = "is";

  private RecordJson() {}

  /** The text of a record. */
  public static String write(Record value) {
    return object(value).json();
  }

  private static Props object(Record value) {
    Props object = Props.empty();
    object.put(KIND, value.getClass().getSimpleName());
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      put(object, component.getName(), get(value, component));
    }
    return object;
  }

  private static void put(Props object, String name, @Nullable Object value) {
    Object json = json(value);
    if (json != null) {
      switch (json) {
        case Props props -> object.put(name, props);
        case List<?> list -> object.put(name, list);
        case Long number -> object.put(name, number.longValue());
        case Boolean truth -> object.put(name, truth.booleanValue());
        default -> object.put(name, json.toString());
      }
    }
  }

  private static @Nullable Object json(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> optional -> json(optional.orElse(null));
      case Integer number -> (long) number;
      case Long number -> number;
      case Boolean truth -> truth;
      case Record inner -> object(inner);
      case List<?> list -> {
        List<Object> items = new ArrayList<>();
        for (Object item : list) {
          Object json = json(item);
          if (json != null) {
            items.add(json);
          }
        }
        yield items;
      }
      case Map<?, ?> map -> {
        Props object = Props.empty();
        map.forEach((key, item) -> put(object, key.toString(), item));
        yield object;
      }
      case Enum<?> constant -> constant.name();
      default -> value.toString();
    };
  }

  private static @Nullable Object get(Record value, RecordComponent component) {
    try {
      return component.getAccessor().invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Record '" + value.getClass() + "' cannot be read", e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException when the text is not that record's
   */
  public static <T extends Record> T read(Class<T> type, String text) {
    try {
      return type.cast(record(type, JsonText.object(text)));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Object record(Class<?> type, JsonObject json) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(components[i].getGenericType(), json.get(components[i].getName()));
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException | IllegalArgumentException | NullPointerException e) {
      throw new IllegalArgumentException("not a " + type.getSimpleName() + ": " + json, e);
    }
  }

  private static @Nullable Object value(Type type, @Nullable Object json) {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      if (generic.getRawType() == Optional.class) {
        return Optional.ofNullable(value(of[0], json));
      }
      if (generic.getRawType() == Map.class) {
        return map(of[1], json instanceof JsonObject object ? object : JsonObject.EMPTY);
      }
      return list(of[0], json instanceof List<?> list ? list : List.of());
    }
    return json == null ? null : single((Class<?>) type, json);
  }

  private static List<Object> list(Type of, List<?> json) {
    List<Object> items = new ArrayList<>();
    for (Object item : json) {
      Object value = value(of, item);
      if (value != null) {
        items.add(value);
      }
    }
    return items;
  }

  private static Map<String, Object> map(Type of, JsonObject json) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (String name : json.names()) {
      Object value = value(of, json.get(name));
      if (value != null) {
        map.put(name, value);
      }
    }
    return map;
  }

  private static Object single(Class<?> type, Object json) {
    if (type == int.class || type == Integer.class) {
      return Math.toIntExact((Long) json);
    }
    if (type == Path.class) {
      return Path.of((String) json);
    }
    if (type == Instant.class) {
      return Instant.parse((String) json);
    }
    if (type.isEnum()) {
      return constant(type, (String) json);
    }
    if (json instanceof JsonObject object) {
      return record(type.isSealed() ? permitted(type, object) : type, object);
    }
    return json;
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("not a " + type.getSimpleName() + ": " + name);
  }

  private static Class<?> permitted(Class<?> type, JsonObject json) {
    return find(type, json.string(KIND, ""))
        .orElseThrow(
            () -> new IllegalArgumentException("not a " + type.getSimpleName() + ": " + json));
  }

  private static Optional<Class<?>> find(Class<?> type, String name) {
    for (Class<?> variant : type.getPermittedSubclasses()) {
      if (variant.isSealed()) {
        Optional<Class<?>> inner = find(variant, name);
        if (inner.isPresent()) {
          return inner;
        }
      } else if (variant.getSimpleName().equals(name)) {
        return Optional.of(variant);
      }
    }
    return Optional.empty();
  }
}
