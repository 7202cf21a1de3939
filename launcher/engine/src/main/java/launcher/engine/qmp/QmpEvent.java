package launcher.engine.qmp;

import java.time.Instant;
import launcher.drivers.qemu.json.JsonObject;

/**
 * Something QEMU says unasked.
 *
 * @param name such as {@code SHUTDOWN}
 * @param data what belongs to it
 * @param at by QEMU's clock
 */
public record QmpEvent(String name, JsonObject data, Instant at) {
  static QmpEvent of(JsonObject message) {
    JsonObject stamp = message.object("timestamp");
    return new QmpEvent(
        message.string("event", ""),
        message.object("data"),
        Instant.ofEpochSecond(stamp.number("seconds", 0), stamp.number("microseconds", 0) * 1000));
  }
}
