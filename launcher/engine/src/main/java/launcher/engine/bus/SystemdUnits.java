package launcher.engine.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;

/** Units that systemd makes when it is asked to (org.freedesktop.systemd1(5)). */
public final class SystemdUnits {
  private static final String SERVICE = "org.freedesktop.systemd1";

  /** Name of the error where a unit of that name is there already. */
  public static final String EXISTS = SERVICE + ".UnitExists";

  /** systemd's word for no limit. */
  private static final UInt64 UNLIMITED = new UInt64("18446744073709551615");

  private final SystemBus bus;

  /**
   * @param bus where systemd is
   */
  public SystemdUnits(SystemBus bus) {
    this.bus = bus;
  }

  /**
   * Moves processes into a scope that is gone with the last of them.
   *
   * @param scope name of the unit
   * @param description one line for people
   * @param slice the unit it lies in
   * @param before units that are stopped before it when the host goes down
   * @param pids at least one
   * @param amounts limits by systemd's names (systemd.resource-control(5)); negative for none
   * @throws BusException when systemd refuses, or does not run
   */
  public void scope(
      String scope,
      String description,
      String slice,
      List<String> before,
      List<Integer> pids,
      Map<String, Long> amounts) {
    UInt32[] numbers = pids.stream().map(pid -> new UInt32(pid)).toArray(UInt32[]::new);
    List<Object> properties = new ArrayList<>(amounts(amounts));
    Object[] usual = {
      property("Description", new Variant<>(description)),
      property("Slice", new Variant<>(slice)),
      property("PIDs", new Variant<>(numbers, "au")),
      // what is started before is stopped after
      property("Before", new Variant<>(before.toArray(String[]::new), "as")),
      property("CollectMode", new Variant<>("inactive-or-failed")),
      property("TasksMax", new Variant<>(UNLIMITED)),
    };
    properties.addAll(List.of(usual));
    bus.call(
        SERVICE,
        "/org/freedesktop/systemd1",
        SERVICE + ".Manager",
        "StartTransientUnit",
        "ssa(sv)a(sa(sv))",
        scope,
        "fail",
        properties.toArray(),
        new Object[0]);
  }

  /**
   * Changes limits of a unit that runs, until it ends.
   *
   * @param amounts as for {@link #scope}
   * @throws BusException when systemd refuses, or does not run
   */
  public void limit(String unit, Map<String, Long> amounts) {
    bus.call(
        SERVICE,
        "/org/freedesktop/systemd1",
        SERVICE + ".Manager",
        "SetUnitProperties",
        "sba(sv)",
        unit,
        true,
        amounts(amounts).toArray());
  }

  private static List<Object[]> amounts(Map<String, Long> amounts) {
    List<Object[]> properties = new ArrayList<>();
    amounts.forEach((name, amount) ->
        properties.add(
            property(
                name, new Variant<>(amount < 0 ? UNLIMITED : new UInt64(Long.toString(amount))))));
    return properties;
  }

  private static Object[] property(String name, Variant<?> value) {
    return new Object[] {name, value};
  }
}
