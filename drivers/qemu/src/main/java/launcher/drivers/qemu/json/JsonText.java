package launcher.drivers.qemu.json;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON text into {@link JsonObject}s. */
public final class JsonText {
  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  /** Each of these is a few dozen bytes once it is read. */
  private static final long MOST_TOKENS = 100_000;

  private static final int DEEPEST = 100;

  /** For those whose memory is not theirs. */
  private static final JsonFactory SPARING =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxTokenCount(MOST_TOKENS)
                  .maxNestingDepth(DEEPEST)
                  .build())
          .build();

  private JsonText() {}

  /**
   * Reads one object that a guest, or its QEMU, has said: neither many small values nor a deep nest
   * of them can exhaust memory.
   *
   * @throws IOException when it is not JSON, or too much of it
   */
  public static JsonObject fromGuest(String text) throws IOException {
    try {
      List<JsonObject> all = objects(SPARING, text);
      return all.isEmpty() ? JsonObject.EMPTY : all.get(0);
    } catch (StreamConstraintsException e) {
      throw new IOException("it says more than it may: " + e.getOriginalMessage(), e);
    } catch (JacksonException e) {
      throw new IOException("it says what is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads one object.
   *
   * @throws tools.jackson.core.JacksonException when it is not JSON
   */
  public static JsonObject object(String text) {
    List<JsonObject> all = objects(text);
    return all.isEmpty() ? JsonObject.EMPTY : all.get(0);
  }

  /**
   * Reads all objects of a text, which stand one after the other.
   *
   * @throws tools.jackson.core.JacksonException when it is not JSON
   */
  public static List<JsonObject> objects(String text) {
    return objects(FACTORY, text);
  }

  private static List<JsonObject> objects(JsonFactory factory, String text) {
    List<JsonObject> found = new ArrayList<>();
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      while (parser.nextToken() != null) {
        if (value(parser) instanceof JsonObject object) {
          found.add(object);
        }
      }
    }
    return found;
  }

  private static @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME ->
          null;
    };
  }

  // QMP has unsigned 64-bit numbers: they keep their bits.
  private static Object integer(JsonParser parser) {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? parser.getBigIntegerValue().longValue()
        : parser.getLongValue();
  }

  private static JsonObject object(JsonParser parser) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, value(parser));
    }
    return new JsonObject(members);
  }

  private static List<@Nullable Object> array(JsonParser parser) {
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return items;
  }
}
