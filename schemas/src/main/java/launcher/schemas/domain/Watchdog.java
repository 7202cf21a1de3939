package launcher.schemas.domain;

/** {@code <watchdog>}: a timer that acts when the guest hangs. */
public final class Watchdog extends Device {
  private Watchdog() {}
}
