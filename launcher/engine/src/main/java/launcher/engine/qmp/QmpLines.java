package launcher.engine.qmp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import launcher.drivers.qemu.json.JsonObject;

/** Splits what arrives into messages: one JSON object a line (QEMU's docs/interop/qmp-spec). */
final class QmpLines {
  private final SpokenLine line = new SpokenLine();

  void feed(ByteBuffer bytes, Consumer<JsonObject> messages) throws IOException {
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      if (b != '\n') {
        line.add(b);
      } else if (line.length() > 1) {
        int length = line.length();
        JsonObject message = line.end();
        // an event is kept until it is told; no true one is so long
        if (length <= SpokenLine.LONGEST_EVENT || !message.has("event")) {
          messages.accept(message);
        }
      } else {
        line.reset();
      }
    }
  }

  /** The connection is over. */
  void end() {
    line.reset();
  }
}
