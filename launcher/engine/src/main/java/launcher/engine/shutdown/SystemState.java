package launcher.engine.shutdown;

import java.util.List;
import launcher.engine.bus.BusException;
import launcher.engine.bus.SystemBus;

/**
 * Whether this host is about to stop, as systemd says (org.freedesktop.systemd1(5), SystemState).
 */
public final class SystemState {
  private final SystemBus bus;

  /**
   * @param bus where systemd is
   */
  public SystemState(SystemBus bus) {
    this.bus = bus;
  }

  /** True as well where nobody can be asked: then the guests' safety counts more. */
  public boolean goesDown() {
    try {
      List<Object> answer =
          bus.call(
              "org.freedesktop.systemd1",
              "/org/freedesktop/systemd1",
              "org.freedesktop.DBus.Properties",
              "Get",
              "ss",
              "org.freedesktop.systemd1.Manager",
              "SystemState");
      return answer.getFirst().toString().contains("stopping");
    } catch (BusException _) {
      return true;
    }
  }
}
