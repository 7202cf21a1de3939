package launcher.engine.qmp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import launcher.drivers.qemu.json.JsonObject;
import launcher.drivers.qemu.json.JsonText;

/** Splits what arrives into messages: one JSON object a line (QEMU's docs/interop/qmp-spec). */
final class QmpLines {
  /** The longest message known is the schema, 0.3 MiB. */
  private static final int LONGEST = 32 << 20;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  void feed(ByteBuffer bytes, Consumer<JsonObject> messages) throws IOException {
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      if (b != '\n') {
        line.write(b);
        if (line.size() > LONGEST) {
          throw new IOException("a message is longer than " + (LONGEST >> 20) + " MiB");
        }
      } else if (line.size() > 1) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        messages.accept(JsonText.object(text));
      } else {
        line.reset();
      }
    }
  }
}
