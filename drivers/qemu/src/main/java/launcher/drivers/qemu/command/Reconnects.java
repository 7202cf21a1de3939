package launcher.drivers.qemu.command;

import launcher.schemas.domain.CharBackend;

/** How a QEMU is told to connect again: in milliseconds since 9.2, in seconds before. */
public final class Reconnects {
  private Reconnects() {}

  /** Adds the pause to a character device. */
  public static void put(Guest guest, Props props, CharBackend.Reconnect reconnect) {
    boolean millis =
        guest.capabilities().schema().has("chardev-add/backend/+socket/data/reconnect-ms");
    put(props, millis, reconnect.enabled() ? reconnect.timeoutSeconds() : 0);
  }

  /** Adds the pause to a network back end over a stream socket, where QEMU knows of one (8.0). */
  public static void putStream(Guest guest, Props props, int seconds) {
    boolean millis = guest.capabilities().schema().has("netdev_add/+stream/reconnect-ms");
    if (millis || guest.capabilities().schema().has("netdev_add/+stream/reconnect")) {
      put(props, millis, seconds);
    }
  }

  private static void put(Props props, boolean millis, int seconds) {
    if (millis) {
      props.put("reconnect-ms", seconds * 1000L);
    } else {
      props.put("reconnect", seconds);
    }
  }
}
