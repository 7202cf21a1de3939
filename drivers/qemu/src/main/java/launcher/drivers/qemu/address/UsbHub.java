package launcher.drivers.qemu.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ports of a USB controller or hub while ports are given out. */
final class UsbHub {
  private static final int MAX_DEPTH = 4;

  private final boolean[] taken;
  private final @Nullable UsbHub[] hubs;

  UsbHub(int ports) {
    taken = new boolean[ports];
    hubs = new UsbHub[ports];
  }

  int size() {
    return taken.length;
  }

  /**
   * The path of ports, one-based, to the first free one: here, else in the hubs below.
   *
   * @param depth hubs above this one
   */
  Optional<List<Integer>> free(int depth) {
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i]) {
        return Optional.of(new ArrayList<>(List.of(i + 1)));
      }
    }
    for (int i = 0; i < hubs.length && depth < MAX_DEPTH - 1; i++) {
      UsbHub hub = hubs[i];
      Optional<List<Integer>> below = hub == null ? Optional.empty() : hub.free(depth + 1);
      if (below.isPresent()) {
        below.get().addFirst(i + 1);
        return below;
      }
    }
    return Optional.empty();
  }

  /**
   * Takes a port.
   *
   * @param depth how many steps of the path led here
   * @param added the hub that is plugged in, none for another device
   * @return what is wrong with the path, nothing when the port was taken
   */
  Optional<String> take(List<Integer> path, int depth, @Nullable UsbHub added) {
    int port = path.get(depth) - 1;
    if (port < 0 || port >= taken.length) {
      return Optional.of(
          "port %d does not exist, there are %d".formatted(path.get(depth), taken.length));
    }
    if (depth < path.size() - 1) {
      UsbHub hub = hubs[port];
      return hub == null
          ? Optional.of("there is no hub at port %d".formatted(path.get(depth)))
          : hub.take(path, depth + 1, added);
    }
    if (taken[port]) {
      return Optional.of("the port is used by two devices");
    }
    taken[port] = true;
    hubs[port] = added;
    return Optional.empty();
  }
}
