package launcher.engine.run;

/**
 * A device on its way into a running guest or out of it, or something changed there; remembered
 * before QEMU or the kernel is told, so that who comes after a killed engine finds out what became
 * of it.
 */
public sealed interface DeviceMove {
  /** The device's name in QEMU, or what else it is about. */
  String alias();

  /**
   * It is plugged in.
   *
   * @param live the live definition as it is with the device
   */
  record In(String alias, String live) implements DeviceMove {}

  /**
   * QEMU is told something that may be told twice.
   *
   * @param alias what it is about, which no device's alias is
   * @param command of the monitor
   * @param arguments its arguments, a JSON object
   * @param live the live definition as it is then
   */
  record Told(String alias, String command, String arguments, String live) implements DeviceMove {}

  /**
   * Another medium comes into a drive, or the present one out of it.
   *
   * @param live the live definition as it is then
   */
  record Medium(String alias, String live) implements DeviceMove {}

  /**
   * Something changes that can be asked for afterwards.
   *
   * @param alias what it is about, which no device's alias is
   * @param part which one of its kind; empty where there is only one
   */
  record Asked(String alias, Subject subject, String part) implements DeviceMove {}

  /** What can be asked for afterwards, or made as the live definition says. */
  enum Subject {
    /** QEMU says which it has. */
    PROCESSORS,
    /** QEMU says which it has. */
    IO_THREADS,
    /** The kernel is told again what the live definition says of all threads. */
    PINS,
    /** The kernel is told again what the live definition says of a link. */
    TRAFFIC,
    /** The kernel is told again what the live definition says of the guest's use of the host. */
    LIMITS
  }

  /** The guest is asked to let go of it; it may take its time. */
  record Out(String alias) implements DeviceMove {}
}
