package launcher.engine.shutdown;

import java.util.List;
import java.util.Optional;
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

  /** Whether it is about to stop; empty where nobody can be asked. */
  public Optional<Boolean> goesDown() {
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
      return Optional.of(answer.getFirst().toString().contains("stopping"));
    } catch (BusException _) {
      return Optional.empty();
    }
  }
}
