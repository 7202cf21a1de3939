package launcher.drivers.qemu.command;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import launcher.drivers.qemu.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON text in one line. */
public final class JsonWriter {
  /** JSON's null. */
  static final Object NULL =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  private JsonWriter() {}

  /** A JSON string. */
  public static String string(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    string(out, text);
    return out.toString();
  }

  static void write(StringBuilder out, @Nullable Object value) {
    switch (value) {
      case null -> out.append("null");
      case JsonObject object -> write(out, object.members());
      case Props props -> write(out, props.values());
      case Map<?, ?> map -> {
        out.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
          Map.Entry<?, ?> entry = entries.next();
          string(out, (String) entry.getKey());
          out.append(':');
          write(out, entry.getValue());
          out.append(entries.hasNext() ? "," : "");
        }
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : ",");
          write(out, list.get(i));
        }
        out.append(']');
      }
      case String text -> string(out, text);
      default -> out.append(value);
    }
  }

  private static void string(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
