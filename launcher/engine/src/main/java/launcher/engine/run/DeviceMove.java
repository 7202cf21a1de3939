package launcher.engine.run;

/**
 * A device on its way into a running guest or out of it; remembered before QEMU is told, so that
 * who comes after a killed engine finds out what became of it.
 */
public sealed interface DeviceMove {
  /** The device's name in QEMU. */
  String alias();

  /**
   * It is plugged in.
   *
   * @param live the live definition as it is with the device
   */
  record In(String alias, String live) implements DeviceMove {}

  /** The guest is asked to let go of it; it may take its time. */
  record Out(String alias) implements DeviceMove {}
}
