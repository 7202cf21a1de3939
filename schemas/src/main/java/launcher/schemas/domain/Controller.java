package launcher.schemas.domain;

/** {@code <controller>}: a bus that other devices are plugged into. */
public final class Controller extends Device {
  private Controller() {}
}
