package launcher.engine;

/** How a guest is asked to shut down. */
public enum ShutdownMode {
  /** By its agent where one is connected, else by its power button. */
  ANY,
  /** By its power button (ACPI). */
  ACPI,
  /** By the agent inside it. */
  AGENT,
  /** By a signal to its init (containers). */
  SIGNAL,
  /** By the named pipe of its init (containers). */
  INITCTL
}
