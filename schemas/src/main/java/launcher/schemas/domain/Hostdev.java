package launcher.schemas.domain;

/** {@code <hostdev>}: a device of the host. */
public final class Hostdev extends Device {
  private Hostdev() {}
}
